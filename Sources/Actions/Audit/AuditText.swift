internal import Credentials
internal import Data
internal import PostgresClient

/// Entries of the log as lines of text.
struct AuditText {
    private static let names = [
        "sequence", "id", "occurredAt", "action", "outcome", "actorId", "teamId", "resourceType", "resourceId",
        "changes", "requestId", "ipAddress", "userAgent", "errorCode", "apiKeyPrefix", "omitted", "hash",
    ]

    private let format: AuditExportFormat

    init(_ format: AuditExportFormat) { self.format = format }

    /// What stands before the entries.
    var head: [UInt8] { format == .csv ? Array((Self.names.joined(separator: ",") + "\r\n").utf8) : [] }

    func lines(of rows: ArraySlice<AuditEntryRow>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 400)
        for row in rows {
            switch format {
            case .csv:
                for (index, value) in Self.values(of: row).enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    Self.append(value.text, to: &bytes)
                }
                bytes += Array("\r\n".utf8)
            case .ndjson:
                for (index, value) in Self.values(of: row).enumerated() {
                    bytes.append(UInt8(ascii: index == 0 ? "{" : ","))
                    JSONValue.append(Self.names[index], to: &bytes)
                    bytes.append(UInt8(ascii: ":"))
                    value.appendJSON(to: &bytes)
                }
                bytes += "}\n".utf8
            }
        }
        return bytes
    }

    private enum Cell {
        case number(Int)
        case string(String?)
        case changes([AuditChange])

        func appendJSON(to bytes: inout [UInt8]) {
            switch self {
            case .number(let number): bytes += String(number).utf8
            case .string(let text): Self.append(text, to: &bytes)
            case .changes(let changes):
                bytes.append(UInt8(ascii: "["))
                for (index, change) in changes.enumerated() {
                    bytes += (index == 0 ? #"{"field":"# : #",{"field":"#).utf8
                    Self.append(change.field, to: &bytes)
                    bytes += #","before":"#.utf8
                    Self.append(change.before, to: &bytes)
                    bytes += #","after":"#.utf8
                    Self.append(change.after, to: &bytes)
                    bytes.append(UInt8(ascii: "}"))
                }
                bytes.append(UInt8(ascii: "]"))
            }
        }

        private static func append(_ text: String?, to bytes: inout [UInt8]) {
            if let text { JSONValue.append(text, to: &bytes) } else { bytes += "null".utf8 }
        }

        var text: String {
            switch self {
            case .number(let number): String(number)
            case .string(let text): text ?? ""
            case .changes(let changes): changes.isEmpty ? "" : json
            }
        }

        private var json: String {
            var bytes: [UInt8] = []
            appendJSON(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func values(of row: AuditEntryRow) -> [Cell] {
        [
            .number(row.sequence), .string(GlobalID.text("aud", row.id)), .string(row.occurredAt.rfc3339),
            .string(row.action), .string(row.outcome), .string(row.actorID.map { GlobalID.text("usr", $0) }),
            .string(row.teamID.map { GlobalID.text("team", $0) }), .string(row.resourceType),
            .string(row.resourceID), .changes(row.changes), .string(row.requestID), .string(row.address?.text),
            .string(row.userAgent), .string(row.errorCode), .string(row.keyPrefix), .number(row.omitted),
            .string(row.hash),
        ]
    }

    /// https://www.rfc-editor.org/rfc/rfc4180 — and an apostrophe before what a spreadsheet would run, as people wrote it.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let utf8 = text.utf8
        let isFormula = utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        guard isFormula || utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 < 0x20 }) else {
            bytes += utf8
            return
        }
        bytes.append(0x22)
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}
