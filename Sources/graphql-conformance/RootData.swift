import GraphQLEngine
import GraphQLSchema
import Synchronization

/// Reads the data of a case, and the instructions in it, for one request.
final class RootData: Sendable {
    private let counters = Mutex<[String: Int]>([:])

    /// The root object.
    func object(_ json: Value?) -> DynamicObject {
        guard case .object(let members)? = json else { return DynamicObject(fields: [:]) }
        return object(members)
    }

    private func object(_ members: [Value.Field]) -> DynamicObject {
        var typeName = DynamicObject.TypeName.unknown
        var fields: [String: DynamicValue] = [:]
        for member in members {
            guard member.name == "$typename" else {
                fields[member.name] = value(member.value)
                continue
            }
            switch member.value {
            case .string(let name): typeName = .name(name)
            case .object:
                if case .error(let error) = value(member.value) { typeName = .error(error) }
            default: break
            }
        }
        return DynamicObject(typeName: typeName, fields: fields)
    }

    private func value(_ json: Value) -> DynamicValue {
        switch json {
        case .list(let elements): return .list(elements.map(value))
        case .object(let members): return instruction(json) ?? .object(object(members))
        default: return .leaf(json)
        }
    }

    private func instruction(_ json: Value) -> DynamicValue? {
        if case .string(let message)? = json["$error"] {
            var error = GraphQLError(message)
            if case .object(let extensions)? = json["extensions"] {
                error.extensions = Dictionary(extensions.map { ($0.name, $0.value) }) { $1 }
            }
            return .error(error)
        }
        if let later = json["$async"] {
            return .resolver { [self] _ in
                guard case .int(let delay) = json["$delayMs"] ?? .int(0) else { return value(later) }
                if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) } else { await Task.yield() }
                return value(later)
            }
        }
        if json["$args"] != nil { return .resolver { arguments in .leaf(.object(arguments)) } }
        if case .list(let cases)? = json["$switch"] {
            return .resolver { [self] arguments in
                for entry in cases where Self.same(entry["args"] ?? .object([]), .object(arguments)) {
                    return value(entry["value"] ?? .null)
                }
                return value(json["$default"] ?? .null)
            }
        }
        if case .string(let name)? = json["$seq"] {
            return .resolver { [self] _ in
                .leaf(
                    .int(
                        counters.withLock { counters in
                            counters[name, default: 0] += 1
                            return counters[name, default: 0]
                        }
                    )
                )
            }
        }
        if case .list(let elements)? = json["$asyncList"] {
            // A resolver that takes such a list as a whole fails where the list does.
            return elements.lazy.filter { $0["$error"] != nil }.first.map(value) ?? .list(elements.map(value))
        }
        if case .list(let events)? = json["$stream"] { return .list(events.map(value)) }
        return nil
    }

    /// Whether two values are the same JSON: the order of members is free, 1 is 1.0, enum values are their names.
    private static func same(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let a), .float(let b)), (.float(let b), .int(let a)): return Double(a) == b
        case (.string(let a), .enum(let b)), (.enum(let a), .string(let b)): return a == b
        case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(same)
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { member in right[member.name].map { same(member.value, $0) } ?? false }
        default: return left == right
        }
    }
}
