"""What can be wrong with a table before anyone asks what it means: its sheet, its header, its records."""

from __future__ import annotations

SHEET_REASONS: dict[str, tuple[str, str]] = {
    # --- the sheet, its header, its totals (read) ---
    "columns_missing": (
        "Thiếu cột: {columns}.",
        "Columns are missing: {columns}.",
    ),
    "columns_not_taken": (
        "Cột lạ không được lấy: {columns}.",
        "Unknown columns, not taken: {columns}.",
    ),
    "columns_renamed": (
        "Thiếu cột {columns}, nhưng có cột lạ {unknown}: có phải đã đổi tên?",
        "Columns {columns} are missing, and {unknown} are unknown: were they renamed?",
    ),
    "columns_unknown": (
        "Có cột ngoài thỏa thuận: {columns}. Xóa cột này hoặc báo để bổ sung thỏa thuận.",
        "Columns outside the agreement: {columns}. Remove them, or have the agreement extended.",
    ),
    "control_total_differs": (
        "Cột {column}: dòng tổng ghi {said}, cộng lại được {sum}. Tệp có thể thiếu dòng.",
        "Column {column}: the total row says {said}, the rows sum up to {sum}. Rows may be missing.",
    ),
    "control_total_unclear": (
        "Cột {column}: ô ở dòng tổng không phải là tổng, không dùng để kiểm tra.",
        "Column {column}: its cell in the total row is no sum and was not used as a check.",
    ),
    "control_totals_unchecked": (
        "Chưa kiểm tra dòng tổng vì {count} dòng không đọc được.",
        "The total row was not checked because {count} rows could not be read.",
    ),
    "formula_cells": (
        "{count} ô là công thức; hệ thống lấy giá trị đã lưu sẵn trong tệp.",
        "{count} cells are formulas; their stored values were taken.",
    ),
    "formula_reaches_out": (
        "Ô {cell} có công thức gọi ra ngoài. Hãy dán thành giá trị.",
        "Cell {cell} has a formula that reaches out of the file. Paste it as a value.",
    ),
    "formula_without_value": (
        "Ô {cell} là công thức chưa có giá trị. Hãy mở, tính lại rồi lưu, hoặc dán thành giá trị.",
        "Cell {cell} is a formula without a stored value. Open, calculate and save the file, or paste "
        "values.",
    ),
    "header_blank": (
        "Dòng tiêu đề {row} trống.",
        "The header row {row} is blank.",
    ),
    "header_doubled": (
        "Tiêu đề trùng nhau: {columns}.",
        "Headers appear twice: {columns}.",
    ),
    "header_empty": (
        "Cột thứ {position} không có tiêu đề.",
        "Column number {position} has no header.",
    ),
    "header_merged": (
        "Dòng tiêu đề {row} có ô gộp. Mỗi cột cần một tiêu đề riêng.",
        "The header row {row} has merged cells. Every column needs a header of its own.",
    ),
    "header_not_found": (
        "Dòng {row} không phải dòng tiêu đề đã thỏa thuận; cần các cột: {columns}.",
        "Row {row} is not the agreed header; expected columns: {columns}.",
    ),
    "header_spelled_differently": (
        "{count} tiêu đề viết khác (chữ hoa, dấu cách) và đã được nhận ra.",
        "{count} headers are spelled differently (case, blanks) and were recognised.",
    ),
    "hidden_rows": (
        "Trang tính có dòng hoặc cột ẩn; tất cả đều được đọc.",
        "The sheet has hidden rows or columns; all were read.",
    ),
    "hidden_sheets": (
        "Tệp có {count} trang tính ẩn; chỉ trang {sheet} được đọc. Kiểm tra xem có gửi nhầm không.",
        "The file has {count} hidden sheets; only {sheet} was read. Check whether they were meant to be "
        "sent.",
    ),
    "no_rows": (
        "Tệp có tiêu đề nhưng không có dòng nào.",
        "The file has a header but no rows.",
    ),
    "row_count_at_limit": (
        "Tệp có đúng {rows} dòng, là giới hạn của bảng tính: có thể đã bị cắt bớt.",
        "The file has {rows} rows, the very limit of a spreadsheet: some may have been dropped.",
    ),
    "rows_do_not_fit_header": (
        "{bad} dòng không khớp với dòng tiêu đề, chỉ {good} dòng khớp. Kiểm tra dấu phân cách.",
        "{bad} rows do not fit the header, only {good} do. Check the separator.",
    ),
    "sheet_empty": (
        "Trang tính {sheet} trống.",
        "The sheet {sheet} is empty.",
    ),
    "sheet_missing": (
        "Không có trang tính {sheet}.",
        "There is no sheet {sheet}.",
    ),
    "sheet_too_large": (
        "Trang tính trải rộng {rows} dòng × {columns} cột, quá giới hạn. Xóa ô trống có định dạng.",
        "The sheet spreads over {rows} rows × {columns} columns, beyond the limit. Delete formatted "
        "blank cells.",
    ),
    "sheet_unreadable": (
        "Không đọc được trang tính {sheet}.",
        "The sheet {sheet} cannot be read.",
    ),
    "total_row_missing": (
        "Không thấy dòng {label} ở cuối bảng.",
        "The row {label} at the end of the table is missing.",
    ),
    # --- deliveries that wait for a person (holds) ---
    "amounts_jumped": (
        "Số tiền hoặc giá trị trung bình gấp {times} lần so với trước: có thể nhầm đơn vị tính (đồng, nghìn, triệu). "
        "Chờ người phụ trách duyệt.",
        "Amounts are on average {times} times what they were: perhaps another unit (dong, thousands, millions). "
        "A person has to decide.",
    ),
    "refused_by_person": (
        "Người phụ trách đã từ chối tệp này.",
        "The person in charge has refused this file.",
    ),
    "rows_fell": (
        "Tệp chỉ có {rows} dòng, các lần trước thường có {usual}: có thể xuất thiếu. Chờ người phụ trách duyệt.",
        "The file has {rows} rows only, those before usually had {usual}: perhaps the export was cut. "
        "A person has to decide.",
    ),
    # --- rows that are no records (read) ---
    "fields_are_at_most_64_kb": (
        "Ô dài hơn 64 kB: {rows} dòng, dòng đầu tiên {line}.",
        "A cell is longer than 64 kB: {rows} rows, the first on line {line}.",
    ),
    "has_as_many_fields_as_header": (
        "Số ô khác số cột của tiêu đề: {rows} dòng, dòng đầu tiên {line}.",
        "The number of cells differs from the header: {rows} rows, the first on line {line}.",
    ),
    "has_no_control_characters": (
        "Ô có ký tự điều khiển: {rows} dòng, dòng đầu tiên {line}.",
        "A cell has control characters: {rows} rows, the first on line {line}.",
    ),
    "has_no_direction_marks": (
        "Ô có ký tự đổi hướng chữ: {rows} dòng, dòng đầu tiên {line}.",
        "A cell has marks that turn the direction of text: {rows} rows, the first on line {line}.",
    ),
    "has_no_error_cell": (
        "Ô báo lỗi công thức (#REF!, #DIV/0! …): {rows} dòng, dòng đầu tiên {line}.",
        "A cell shows a formula error (#REF!, #DIV/0! …): {rows} rows, the first on line {line}.",
    ),
    "has_no_lost_letters": (
        "Ô có chữ đã bị mất khi chuyển mã: {rows} dòng, dòng đầu tiên {line}.",
        "A cell has letters that were lost in a conversion: {rows} rows, the first on line {line}.",
    ),
    "has_no_nul": (
        "Ô có byte rỗng: {rows} dòng, dòng đầu tiên {line}.",
        "A cell has empty bytes: {rows} rows, the first on line {line}.",
    ),
    "is_an_object": (
        "Bản ghi không phải đối tượng JSON: {rows} dòng, dòng đầu tiên {line}.",
        "The record is no JSON object: {rows} rows, the first on line {line}.",
    ),
    "is_valid_json": (
        "Dòng không phải JSON hợp lệ: {rows} dòng, dòng đầu tiên {line}.",
        "The line is no valid JSON: {rows} rows, the first on line {line}.",
    ),
    "keys_are_unique": (
        "Hai khóa cùng tên trong một bản ghi: {rows} dòng, dòng đầu tiên {line}.",
        "Two keys of a record have the same name: {rows} rows, the first on line {line}.",
    ),
    "kind_stays_the_same": (
        "Một danh sách đứng ở cột mà các bản ghi khác gửi một giá trị: {rows} dòng, dòng đầu tiên {line}.",
        "A list stands where other records sent one value: {rows} rows, the first on line {line}.",
    ),
    "number_has_kept_its_digits": (
        "Số dài hơn 15 chữ số bị bảng tính làm mất các chữ số cuối: {rows} dòng, dòng đầu tiên {line}. "
        "Định dạng cột thành văn bản rồi nhập lại.",
        "A number of more than 15 digits has lost its last ones in the spreadsheet: {rows} rows, the first on "
        "line {line}. Make the column text and enter it again.",
    ),
    "quotes_are_closed": (
        "Dấu ngoặc kép không đóng hoặc đặt sai chỗ: {rows} dòng, dòng đầu tiên {line}.",
        "A quotation mark is not closed or stands in the wrong place: {rows} rows, the first on line {line}.",
    ),
    "text_is_readable": (
        "Chữ bị lỗi phông (sai bảng mã): {rows} dòng, dòng đầu tiên {line}.",
        "The text was decoded with the wrong table: {rows} rows, the first on line {line}.",
    ),
}
