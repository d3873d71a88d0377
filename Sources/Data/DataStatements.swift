package import PostgresClient

/// Every statement of this target, by module: a test holds each against the migrated schema.
package enum DataStatements {
    package static var all: [any CheckableStatement] {
        [DatabaseStatements.facts] + EventStatements.all + JobStatements.all + FileReadStatements.all
            + FileWriteStatements.all + StorageUsageStatements.all
    }
}
