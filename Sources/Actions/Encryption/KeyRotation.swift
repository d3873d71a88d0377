package import Credentials
internal import Data
internal import PostgresClient

/// Encrypts anew, with the present key, what other keys have encrypted. It may be ended at any moment and begun again: what
/// is done is not found any more. Who uses a value meanwhile is not held up.
package struct KeyRotation {
    package struct Report: Sendable, Equatable {
        package var renewed = 0
        /// Those that no key of the server opens, as `table.column of row`; the first hundred.
        package var unreadable: [String] = []

        package init(renewed: Int = 0) { self.renewed = renewed }
    }

    private let services: IdentityServices

    private let cipher: FieldCipher

    package init(_ services: IdentityServices, _ cipher: FieldCipher? = nil) {
        self.services = services
        self.cipher = cipher ?? services.cipher
    }

    package var keyID: UInt8 { cipher.currentID }

    package func run(batch: Int = 500) async throws -> Report {
        var report = Report()
        for column in EncryptedColumn.all {
            var last = UUID(high: 0, low: 0)
            while true {
                let rows = try await services.database.session.outdatedValues(
                    of: column,
                    after: last,
                    key: keyID,
                    limit: batch
                )
                guard let end = rows.last else { break }
                let (renewed, unreadable) = renewal(of: rows, column)
                report.renewed += try await services.database.pool.transaction { transaction in
                    var count = 0
                    for (row, value) in renewed where try await transaction.replace(row, with: value, in: column) {
                        count += 1
                    }
                    return count
                }
                report.unreadable += unreadable.prefix(100 - report.unreadable.count)
                last = end.row
            }
        }
        return report
    }

    private func renewal(
        of rows: [SealedValueRow],
        _ column: EncryptedColumn
    ) -> (renewed: [(SealedValueRow, [UInt8])], unreadable: [String]) {
        var renewed: [(SealedValueRow, [UInt8])] = []
        var unreadable: [String] = []
        for row in rows {
            let place = FieldCipher.Place(
                table: column.table,
                column: column.column,
                row: Array(row.row.description.utf8)
            )
            do {
                renewed.append(
                    (row, cipher.seal(try cipher.open(row.value.content, at: place), at: place))
                )
            } catch {
                unreadable.append("\(column.table).\(column.column) of \(row.row)")
            }
        }
        return (renewed, unreadable)
    }
}
