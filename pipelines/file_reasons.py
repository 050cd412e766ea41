"""What can be wrong with a file before anyone has seen its table: how it came, and what its bytes are."""

from __future__ import annotations

FILE_REASONS: dict[str, tuple[str, str]] = {
    # --- the file as such (receive, read) ---
    "as_of_not_a_day": (
        "Không đọc được ngày số liệu của tệp theo kiểu {style}.",
        "The day that the file speaks of cannot be read in the style {style}.",
    ),
    "as_of_not_in_name": (
        "Tên tệp không có ngày số liệu theo mẫu {pattern}.",
        "The file's name does not tell its day by the pattern {pattern}.",
    ),
    "cannot_be_kept": (
        "Không lưu được tệp vào kho; tệp vẫn ở hộp nhận và sẽ được thử lại.",
        "The file could not be stored; it stays in the inbox and will be tried again.",
    ),
    "cannot_be_opened": (
        "Không mở được tệp (thiếu quyền đọc hoặc tệp vừa bị lấy đi).",
        "The file cannot be opened (no right to read it, or it was just taken away).",
    ),
    "content_is_something_else": (
        "Tên tệp nói là {format} nhưng nội dung là {found}.",
        "The file is named as {format}, but its content is {found}.",
    ),
    "cut_inside_letter": (
        "Tệp bị cắt giữa một chữ: bản sao chưa đầy đủ. Hãy gửi lại.",
        "The file breaks off inside a letter: an incomplete copy. Please send it again.",
    ),
    "cut_off_nul": (
        "Cuối tệp có {count} byte rỗng: bản sao chưa đầy đủ. Hãy gửi lại.",
        "The file ends in {count} empty bytes: an incomplete copy. Please send it again.",
    ),
    "cut_off_row": (
        "Dòng cuối bị cắt: bản sao chưa đầy đủ. Hãy gửi lại.",
        "The last row breaks off: an incomplete copy. Please send it again.",
    ),
    "document_too_large": (
        "Tệp JSON lớn hơn {limit} MB; hãy gửi dạng NDJSON hoặc chia nhỏ.",
        "The JSON document is larger than {limit} MB; send NDJSON or split it.",
    ),
    "encoding_not_as_declared": (
        "Tệp có ký tự không thuộc bảng mã {encoding} đã khai báo. Hãy kiểm tra bảng mã khi xuất tệp.",
        "The file has bytes that {encoding}, which was declared, does not know. Check how it is exported.",
    ),
    "encoding_unknown": (
        "Bảng mã không phải UTF-8 (từ dòng {line}) và nơi gửi chưa khai báo bảng mã khác. Hãy lưu lại "
        "dạng UTF-8.",
        "The text is not UTF-8 (from line {line} on) and the source has declared no other encoding. "
        "Save it as UTF-8.",
    ),
    "encoding_wide": (
        "Tệp dùng bảng mã {encoding} không nhận biết được. Hãy lưu lại dạng UTF-8.",
        "The file is in {encoding} and cannot be read safely. Save it as UTF-8.",
    ),
    "file_empty": (
        "Tệp rỗng.",
        "The file is empty.",
    ),
    "file_encrypted": (
        "Tệp có mật khẩu. Hãy gửi bản không đặt mật khẩu.",
        "The file is protected by a password. Send it without.",
    ),
    "file_has_macros": (
        "Tệp có macro. Hãy lưu lại dạng .xlsx không có macro.",
        "The file has macros. Save it as .xlsx without macros.",
    ),
    "file_old_excel": (
        "Tệp Excel kiểu cũ (.xls). Hãy lưu lại dạng .xlsx.",
        "An old Excel file (.xls). Save it as .xlsx.",
    ),
    "format_not_agreed": (
        "Nguồn này gửi {formats}, không gửi {suffix}.",
        "This source sends {formats}, not {suffix}.",
    ),
    "garbled_double_utf8": (
        "Chữ ở cột {column} bị mã hóa UTF-8 hai lần. Hãy xuất lại từ phần mềm gốc.",
        "The text of column {column} was encoded as UTF-8 twice. Export it again from its system.",
    ),
    "garbled_tcvn3": (
        "Chữ ở cột {column} là TCVN3 (phông .Vn) chưa chuyển sang Unicode.",
        "The text of column {column} is TCVN3 (.Vn fonts) not converted to Unicode.",
    ),
    "garbled_vni": (
        "Chữ ở cột {column} là VNI chưa chuyển sang Unicode.",
        "The text of column {column} is VNI not converted to Unicode.",
    ),
    "inbox_not_emptied": (
        "Không xóa được tệp khỏi hộp nhận.",
        "The file could not be removed from the inbox.",
    ),
    "json_cut_off": (
        "Tệp JSON bị cắt ở cuối: bản sao chưa đầy đủ. Hãy gửi lại.",
        "The JSON breaks off at its end: an incomplete copy. Please send it again.",
    ),
    "json_invalid": (
        "JSON sai cú pháp ở dòng {line}.",
        "The JSON is invalid on line {line}.",
    ),
    "json_key_doubled": (
        "Khóa {key} xuất hiện hai lần trong một đối tượng.",
        "The key {key} appears twice in one object.",
    ),
    "json_no_number": (
        "{constant} không phải là số trong JSON.",
        "{constant} is no number in JSON.",
    ),
    "json_records_missing": (
        "Không thấy danh sách bản ghi tại {path}.",
        "There is no list of records at {path}.",
    ),
    "json_several_documents": (
        "Tệp chứa nhiều hơn một tài liệu JSON.",
        "The file holds more than one JSON document.",
    ),
    "json_too_deep": (
        "JSON lồng sâu hơn {limit} tầng.",
        "The JSON is nested deeper than {limit} levels.",
    ),
    "line_ends_replaced": (
        "Ký tự xuống dòng kiểu cũ (CR) đã được thay.",
        "Old line ends (CR) were replaced.",
    ),
    "look_failed": (
        "Không xem được tệp có dấu mật hay không; tệp được giữ riêng chờ người vận hành.",
        "The file could not be searched for a mark of secrecy; it is held apart for the operator.",
    ),
    "marked_secret": (
        "Tệp mang dấu chỉ độ mật: hệ thống này không được nhận. Nội dung đã bị xóa, chỉ giữ mã băm, "
        "nguồn và giờ.",
        "The file is marked as secret: it must not be here. Its content was removed; only hash, source "
        "and time remain.",
    ),
    "no_final_newline": (
        "Dòng cuối không có ký tự xuống dòng; hãy kiểm tra tệp đã đủ chưa.",
        "The last row has no line end; check that the file is complete.",
    ),
    "not_a_regular_file": (
        "Không phải tệp thường (thư mục, liên kết, ống dẫn hoặc thiết bị); không mở.",
        "Not a regular file (a folder, link, pipe or device); it was not opened.",
    ),
    "parquet_damaged": (
        "Tệp Parquet bị hỏng hoặc chưa đầy đủ.",
        "The Parquet file is damaged or incomplete.",
    ),
    "parquet_nested": (
        "Cột {column} của tệp Parquet không phải giá trị đơn.",
        "Column {column} of the Parquet file is not a plain value.",
    ),
    "reader_died": (
        "Việc đọc tệp dừng đột ngột (mã {code}): tệp có thể bị hỏng. Hãy xuất lại rồi gửi lại.",
        "Reading broke off (code {code}): the file may be damaged. Export it again and send it.",
    ),
    "reader_failed": (
        "Không đọc được tệp ({kind}). Hãy mở tệp kiểm tra, lưu lại rồi gửi lại.",
        "The file cannot be read ({kind}). Open it, save it again and send it.",
    ),
    "reader_killed": (
        "Máy chủ đã dừng việc đọc tệp này giữa chừng. Hãy báo người vận hành.",
        "The server stopped reading this file half-way. Tell its operator.",
    ),
    "reader_out_of_memory": (
        "Tệp cần nhiều bộ nhớ hơn mức cho phép. Hãy chia nhỏ tệp hoặc xóa ô thừa rồi gửi lại.",
        "The file needs more memory than it is allowed. Split it or clear surplus cells, and send it again.",
    ),
    "reader_too_slow": (
        "Tệp cần nhiều thời gian đọc hơn mức cho phép. Hãy chia nhỏ tệp rồi gửi lại.",
        "Reading the file takes longer than it is allowed. Split it and send it again.",
    ),
    "source_unknown": (
        "Thư mục này chưa được khai báo cho nguồn gửi nào. Hãy hỏi người vận hành.",
        "This folder belongs to no known sender. Ask the operator.",
    ),
    "still_growing": (
        "Tệp còn đang được ghi; sẽ xem lại.",
        "The file is still being written; it will be looked at again.",
    ),
    "text_repaired": (
        "{count} ô được chuẩn hóa (Unicode dựng sẵn, dấu cách lạ, chữ Đ).",
        "{count} cells were normalised (composed Unicode, odd blanks, the letter Đ).",
    ),
    "too_many_columns": (
        "{count} cột, giới hạn là {limit}.",
        "{count} columns; the limit is {limit}.",
    ),
    "too_many_rows": (
        "Tệp có hơn {limit} dòng.",
        "The file has more than {limit} rows.",
    ),
    "transcoded": (
        "Tệp được chuyển từ bảng mã {encoding} sang UTF-8.",
        "The file was converted from {encoding} to UTF-8.",
    ),
    "xml_with_dtd": (
        "Tệp chứa khai báo DTD, không được phép.",
        "The file contains a DTD, which is not allowed.",
    ),
    "zip_damaged": (
        "Tệp Excel bị hỏng hoặc chưa đầy đủ.",
        "The Excel file is damaged or incomplete.",
    ),
    "zip_suspicious": (
        "Tệp nén chứa tên thành phần không hợp lệ.",
        "The zip container has members with forbidden names.",
    ),
    "zip_too_large_inside": (
        "Tệp {packed} KB bung ra {unpacked} MB, quá giới hạn.",
        "The file of {packed} KB unpacks to {unpacked} MB, beyond the limit.",
    ),
}
