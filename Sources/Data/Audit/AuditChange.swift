/// What became of one field. Nil stands for a field without a value.
package struct AuditChange: Sendable, Equatable {
    package let field: String
    package let before: String?
    package let after: String?

    /// Nil where nothing has changed. Of long values the log keeps the beginning.
    package init?(_ field: String, _ before: String?, _ after: String?) {
        if before == after { return nil }
        self.field = field
        self.before = before.map(AuditChange.kept)
        self.after = after.map(AuditChange.kept)
    }

    /// That a secret was changed, and nothing about it.
    package init(secret field: String) {
        self.field = field
        before = nil
        after = "[redacted]"
    }

    init(field: String, before: String?, after: String?) {
        self.field = field
        self.before = before
        self.after = after
    }

    private static func kept(_ value: String) -> String {
        let value = value.filter { $0 != "\0" }
        return value.unicodeScalars.count <= 1_000
            ? value : String(String.UnicodeScalarView(value.unicodeScalars.prefix(1_000))) + "…"
    }
}

/// Changes as three arrays, which is how they travel; a value has a sign before it, so that none is told from an empty one.
struct AuditChangeColumns {
    let fields: [String]
    let before: [String]
    let after: [String]

    init(_ changes: [AuditChange]) {
        fields = changes.map(\.field)
        before = changes.map { $0.before.map { "=" + $0 } ?? "" }
        after = changes.map { $0.after.map { "=" + $0 } ?? "" }
    }

    init(fields: [String], before: [String], after: [String]) {
        self.fields = fields
        self.before = before
        self.after = after
    }

    var changes: [AuditChange] {
        zip(fields, zip(before, after)).map { field, values in
            AuditChange(field: field, before: Self.value(values.0), after: Self.value(values.1))
        }
    }

    private static func value(_ text: String) -> String? { text.isEmpty ? nil : String(text.dropFirst()) }
}
