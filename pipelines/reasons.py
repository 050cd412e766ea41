"""Every reason that this system ever gives for not taking something, once, in both languages."""

from __future__ import annotations

from pipelines.desk_reasons import DESK_REASONS
from pipelines.file_reasons import FILE_REASONS
from pipelines.sheet_reasons import SHEET_REASONS

# code -> (Vietnamese, English); templates are filled with str.format by errors.Reason.
REASONS: dict[str, tuple[str, str]] = {
    **FILE_REASONS,
    **SHEET_REASONS,
    **DESK_REASONS,
    # --- rows and cells (validate) ---
    "answered_not_before_received": (
        "Ngày trả lời trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Answered before it was received: {rows} rows, the first on line {line}.",
    ),
    "applicant_is_known": (
        "Loại người nộp không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The kind of applicant is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "channel_is_known": (
        "Kênh nộp không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The channel is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "closed_has_an_end_day": (
        "Đã kết thúc nhưng không có ngày kết thúc: {rows} dòng, dòng đầu tiên {line}.",
        "Closed, but without a day of closing: {rows} rows, the first on line {line}.",
    ),
    "closed_not_before_received": (
        "Ngày đóng trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Closed before it was received: {rows} rows, the first on line {line}.",
    ),
    "counts_are_not_negative": (
        "Số đếm, số ngày hoặc số tiền âm: {rows} dòng, dòng đầu tiên {line}.",
        "A count, a number of days or an amount is negative: {rows} rows, the first on line {line}.",
    ),
    "date_is_readable": (
        "Ngày, giờ không đọc được theo kiểu đã thỏa thuận: {rows} dòng, dòng đầu tiên {line}.",
        "A date or time cannot be read in the agreed style: {rows} rows, the first on line {line}.",
    ),
    "due_not_before_received": (
        "Ngày hẹn trả trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Due before it was received: {rows} rows, the first on line {line}.",
    ),
    "ended_not_before_received": (
        "Ngày kết thúc trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Ended before it was received: {rows} rows, the first on line {line}.",
    ),
    "first_closed_not_before_received": (
        "Ngày đóng lần đầu trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Closed for the first time before it was received: {rows} rows, the first on line {line}.",
    ),
    "forwarded_not_before_received": (
        "Ngày chuyển xử lý trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Forwarded before it was received: {rows} rows, the first on line {line}.",
    ),
    "has_a_case_id": (
        "Thiếu số hồ sơ, số phản ánh: {rows} dòng, dòng đầu tiên {line}.",
        "The case number is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_code": (
        "Thiếu mã thủ tục: {rows} dòng, dòng đầu tiên {line}.",
        "The code of the procedure is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_day": (
        "Thiếu ngày: {rows} dòng, dòng đầu tiên {line}.",
        "The day is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_decision": (
        "Thiếu ngày quyết định công bố: {rows} dòng, dòng đầu tiên {line}.",
        "The day of the decision is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_period": (
        "Thiếu kỳ số liệu: {rows} dòng, dòng đầu tiên {line}.",
        "The period is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_procedure": (
        "Thiếu mã thủ tục: {rows} dòng, dòng đầu tiên {line}.",
        "The code of the procedure is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_received_day": (
        "Thiếu ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "The day of receipt is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_series": (
        "Thiếu tên chuỗi số liệu: {rows} dòng, dòng đầu tiên {line}.",
        "The name of the series is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_step": (
        "Thiếu tên bước xử lý: {rows} dòng, dòng đầu tiên {line}.",
        "The name of the step is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_time": (
        "Thiếu thời điểm xử lý: {rows} dòng, dòng đầu tiên {line}.",
        "The time of the step is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_unit": (
        "Thiếu đơn vị: {rows} dòng, dòng đầu tiên {line}.",
        "The unit is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_value": (
        "Thiếu giá trị: {rows} dòng, dòng đầu tiên {line}.",
        "The value is missing: {rows} rows, the first on line {line}.",
    ),
    "is_not_a_repetition": (
        "Lặp lại y hệt một dòng phía trên: {rows} dòng, dòng đầu tiên {line}.",
        "Repeats an earlier row word for word: {rows} rows, the first on line {line}.",
    ),
    "key_is_unique_in_file": (
        "Trùng số hồ sơ với dòng phía trên mà không có thời điểm cập nhật để biết dòng nào mới hơn: {rows} dòng, dòng đầu tiên {line}.",
        "Same number as an earlier row, and no update time tells which is newer: {rows} rows, the first on line {line}.",
    ),
    "level_is_known": (
        "Cấp giải quyết không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The level is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "moved_not_before_received": (
        "Ngày chuyển đơn vị trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Moved to another unit before it was received: {rows} rows, the first on line {line}.",
    ),
    "number_is_readable": (
        "Số không đọc được theo kiểu đã thỏa thuận: {rows} dòng, dòng đầu tiên {line}.",
        "A number cannot be read in the agreed style: {rows} rows, the first on line {line}.",
    ),
    "paid_online_is_known": (
        "Hình thức thanh toán trực tuyến không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The way of online payment is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "period_ends_after_it_starts": (
        "Kỳ kết thúc trước khi bắt đầu: {rows} dòng, dòng đầu tiên {line}.",
        "The period ends before it starts: {rows} rows, the first on line {line}.",
    ),
    "published_not_before_decided": (
        "Ngày công khai trước ngày quyết định: {rows} dòng, dòng đầu tiên {line}.",
        "Published before it was decided: {rows} rows, the first on line {line}.",
    ),
    "rating_is_known": (
        "Mức đánh giá không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The rating is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "started_not_after_done": (
        "Ngày nhận xử lý sau ngày hoàn thành: {rows} dòng, dòng đầu tiên {line}.",
        "Taken up after the day on which it was done: {rows} rows, the first on line {line}.",
    ),
    "reopened_not_before_received": (
        "Ngày mở lại trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Reopened before it was received: {rows} rows, the first on line {line}.",
    ),
    "returned_not_before_received": (
        "Ngày trả kết quả trước ngày tiếp nhận: {rows} dòng, dòng đầu tiên {line}.",
        "Result returned before it was received: {rows} rows, the first on line {line}.",
    ),
    "status_is_known": (
        "Trạng thái không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The status is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "unit_is_known": (
        "Mã hoặc tên đơn vị không có hiệu lực vào ngày đó, hoặc đơn vị đã bị chia tách: {rows} dòng, dòng đầu tiên {line}.",
        "No unit bore this code or name on that day, or it has been split since: {rows} rows, the first on line {line}.",
    ),
    "unit_name_is_unmistakable": (
        "Tên này ứng với nhiều đơn vị vào ngày đó, cần gửi mã đơn vị: {rows} dòng, dòng đầu tiên {line}.",
        "The name means more than one unit on that day; send the code: {rows} rows, the first on line {line}.",
    ),
    "word_is_known": (
        "Giá trị không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "A value is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "year_is_plausible": (
        "Năm của ngày nằm ngoài khoảng hợp lý: {rows} dòng, dòng đầu tiên {line}.",
        "The year of a date is not plausible: {rows} rows, the first on line {line}.",
    ),
    "yes_or_no_is_known": (
        "Giá trị có/không không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "A yes-or-no value is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    # --- merging and publishing (load, publish, run) ---
    "could_not_be_processed": (
        "Hệ thống gặp lỗi của chính mình ({kind}) khi nạp tệp; tệp được giữ trong kho lưu và sẽ được nạp lại "
        "khi lỗi được sửa. Không cần gửi lại.",
        "The system ran into a mistake of its own ({kind}) while loading the file; the file is kept and will be "
        "loaded once that is mended. There is no need to send it again.",
    ),
    "correction_applied": (
        "Đính chính số {number} đã áp dụng cho {rows} dòng: {reason}",
        "Correction {number} was applied to {rows} rows: {reason}",
    ),
    "correction_expired": (
        "Đính chính số {number} đã hết hạn, {rows} dòng giữ nguyên: {reason}",
        "Correction {number} has expired, {rows} rows stay as sent: {reason}",
    ),
    "correction_unused": (
        "Đính chính số {number} không còn cần cho {rows} dòng: nơi gửi đã sửa. Nên xóa.",
        "Correction {number} is no longer needed for {rows} rows: the sender has repaired them. Remove it.",
    ),
    "old_unit_carried": (
        "{rows} dòng dùng mã đơn vị đã hết hiệu lực, được tính cho đơn vị kế thừa.",
        "{rows} rows use the code of a unit that had ended; they count for its successor.",
    ),
    "rows_forgotten": (
        "{rows} dòng thuộc hồ sơ đã được yêu cầu xóa: đã gỡ khỏi kho lưu và mọi số liệu.",
        "{rows} rows are of cases that asked to be forgotten: taken out of the archive and of every number.",
    ),
}
