import GraphQLSchema
import HTTPServer

/// Which file goes where, as the part `map` says:
/// https://github.com/jaydenseric/graphql-multipart-request-spec#multipart-form-field-structure
struct UploadMap {
    /// The names of the parts to come, in the map's order.
    let names: [String]
    private let paths: [String: [[Substring]]]

    init(_ value: Value, _ limits: UploadLimits) throws(Refusal) {
        guard case .object(let members) = value else { throw .badForm("Part \"map\" must be a JSON object.") }
        guard members.count <= limits.maximumFiles else {
            throw .formTooLarge("A request brings at most \(limits.maximumFiles) files.")
        }
        var paths: [String: [[Substring]]] = [:]
        var count = 0
        for member in members {
            guard case .list(let texts) = member.value else {
                throw .badForm("Part \"map\" must hold a list of paths for each file.")
            }
            count += texts.count
            guard count <= limits.maximumPaths else {
                throw .formTooLarge("Part \"map\" holds at most \(limits.maximumPaths) paths.")
            }
            var steps: [[Substring]] = []
            for text in texts {
                guard case .string(let text) = text else { throw .badForm("A path in part \"map\" must be a string.") }
                let path = text.split(separator: ".", omittingEmptySubsequences: false)
                guard path.count <= limits.maximumPathDepth else {
                    throw .badForm("A path in part \"map\" has at most \(limits.maximumPathDepth) steps.")
                }
                steps.append(path)
            }
            guard paths.updateValue(steps, forKey: member.name) == nil else {
                throw .badForm("Part \"map\" names a file twice.")
            }
        }
        names = members.map(\.name)
        self.paths = paths
    }

    /// Puts the key of each file where the map says, which must be null so far.
    func place(_ keys: [String: String], in operations: inout Value) throws(Refusal) {
        for name in names {
            for path in paths[name] ?? [] {
                let start = if case .list = operations { 1 } else { 0 }
                guard path.count > start + 1, path[start] == "variables",
                    operations.replaceNull(at: path[...], by: .string(keys[name] ?? ""))
                else {
                    throw .badForm("Part \"map\" has a path at which no variable of part \"operations\" is null.")
                }
            }
        }
    }
}

extension Value {
    /// False, with nothing changed, where the path leads nowhere or to something that is there.
    fileprivate mutating func replaceNull(at path: ArraySlice<Substring>, by value: Value) -> Bool {
        guard let step = path.first else {
            guard case .null = self else { return false }
            self = value
            return true
        }
        switch self {
        case .object(var fields):
            guard let place = fields.firstIndex(where: { $0.name == step }) else { return false }
            // Held once, the fields are changed in place.
            self = .null
            defer { self = .object(fields) }
            return fields[place].value.replaceNull(at: path.dropFirst(), by: value)
        case .list(var items):
            guard step.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let place = Int(step), place < items.count
            else { return false }
            self = .null
            defer { self = .list(items) }
            return items[place].replaceNull(at: path.dropFirst(), by: value)
        default: return false
        }
    }
}

extension Refusal {
    static func badForm(_ message: String) -> Refusal { Refusal(.badRequest, message, code: "BAD_MULTIPART") }
    static func formTooLarge(_ message: String) -> Refusal {
        Refusal(.contentTooLarge, message, code: "UPLOAD_TOO_LARGE")
    }
}
