"""Why a row of a task or of counts is not taken: what only these kinds of record can have wrong, in both languages."""

from __future__ import annotations

# code -> (Vietnamese, English), as in `reasons.py`, which holds them all.
DESK_REASONS: dict[str, tuple[str, str]] = {
    "assigned_by_is_known": (
        "Cơ quan giao nhiệm vụ không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "Who assigned the task is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "extended_to_a_later_day": (
        "Hạn sau gia hạn sớm hơn hạn ban đầu: {rows} dòng, dòng đầu tiên {line}.",
        "Extended to a day before the first deadline: {rows} rows, the first on line {line}.",
    ),
    "harm_comes_of_an_accident": (
        "Có người chết hoặc bị thương mà không có vụ tai nạn: {rows} dòng, dòng đầu tiên {line}.",
        "People were hurt without an accident: {rows} rows, the first on line {line}.",
    ),
    "has_a_channel": (
        "Thiếu kênh liên hệ: {rows} dòng, dòng đầu tiên {line}.",
        "The channel is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_count": (
        "Thiếu số lượt: {rows} dòng, dòng đầu tiên {line}.",
        "The count is missing: {rows} rows, the first on line {line}.",
    ),
    "has_a_model": (
        "Thiếu tên mô hình: {rows} dòng, dòng đầu tiên {line}.",
        "The model is missing: {rows} rows, the first on line {line}.",
    ),
    "has_an_owner": (
        "Thiếu đơn vị chủ trì: {rows} dòng, dòng đầu tiên {line}.",
        "The unit that owns the task is missing: {rows} rows, the first on line {line}.",
    ),
    "has_both_ends": (
        "Thiếu số lần bắt đầu khai hoặc số lần nộp thành công: {rows} dòng, dòng đầu tiên {line}.",
        "Filings begun or filings completed are missing: {rows} rows, the first on line {line}.",
    ),
    "model_is_known": (
        "Mô hình không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The model is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "nobody_skips_a_page": (
        "Số lần đến bước sau nhiều hơn bước trước: {rows} dòng, dòng đầu tiên {line}.",
        "A later page was reached more often than an earlier one: {rows} rows, the first on line {line}.",
    ),
    "parts_do_not_exceed_their_whole": (
        "Số thành phần lớn hơn tổng số: {rows} dòng, dòng đầu tiên {line}.",
        "A part is larger than its whole: {rows} rows, the first on line {line}.",
    ),
    "people_come_to_sessions": (
        "Có lượt người mà không có buổi nào: {rows} dòng, dòng đầu tiên {line}.",
        "People were helped at no session: {rows} rows, the first on line {line}.",
    ),
    "period_is_one_month": (
        "Kỳ không phải một tháng (15 đến 14, hoặc tháng dương lịch), nếu nạp sẽ bị tính hai lần: {rows} dòng, dòng đầu tiên {line}.",
        "The period is not one month (15th to 14th, or a calendar month) and would be counted twice: {rows} rows, the first on line {line}.",
    ),
    "subject_is_known": (
        "Lĩnh vực không có trong danh mục đã thống nhất: {rows} dòng, dòng đầu tiên {line}.",
        "The subject is not in the mapping: {rows} rows, the first on line {line}.",
    ),
    "tickets_come_from_contacts": (
        "Số lượt được ghi thành phản ánh lớn hơn số lượt liên hệ: {rows} dòng, dòng đầu tiên {line}.",
        "More contacts became tickets than there were contacts: {rows} rows, the first on line {line}.",
    ),
}
