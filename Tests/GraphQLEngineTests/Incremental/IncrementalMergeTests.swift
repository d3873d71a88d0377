import GraphQLEngine
import GraphQLSchema
import Testing

/// What the parts of an answer make together is what the whole answer would have been.
@Suite struct IncrementalMergeTests {
    private static let sdl = """
        type Query { a: A list: [A] }
        type A { s: String t: String required: String! a: A list: [A] rows: [[String]] }
        """

    @Test(arguments: 0..<20)
    func `random documents in parts are the same as whole`(seed: UInt64) async throws {
        var random = Random(state: seed)
        let schema = try DynamicSchema(sdl: Self.sdl)
        var later = 0
        for _ in 0..<50 {
            let document = "{" + Self.selection(&random, depth: 4) + "}"
            let root = Self.object(&random, depth: 4, mayFail: false)
            let request = Request(document: Array(document.utf8))
            let whole = try Value(json: await schema.execute(request, root: root).bytes)
            let merged = try await Self.merged(schema, request, root)
            #expect(merged.faults.isEmpty, "\(document) \(merged.faults)")
            #expect(Self.sorted(merged.data) == Self.sorted(whole["data"] ?? .null), "\(document)")
            later += merged.later
        }
        #expect(later > 20, "most documents have something in them that comes later")
    }

    @Test(arguments: 0..<20)
    func `with errors and nulls, parts still fit together`(seed: UInt64) async throws {
        var random = Random(state: seed + 1_000)
        let schema = try DynamicSchema(sdl: Self.sdl)
        for _ in 0..<50 {
            let document = "{" + Self.selection(&random, depth: 4) + "}"
            let root = Self.object(&random, depth: 4, mayFail: true)
            for onError in [ErrorBehavior.propagate, .null, .halt] {
                let request = Request(document: Array(document.utf8), onError: onError)
                let merged = try await Self.merged(schema, request, root)
                #expect(merged.faults.isEmpty, "\(document) \(merged.faults)")
            }
        }
    }

    // MARK: Documents and data

    private static func selection(_ random: inout Random, depth: Int) -> String {
        var text = ""
        for _ in 0..<(1 + random.below(4)) {
            switch random.below(depth == 0 ? 3 : 9) {
            case 0: text += " s"
            case 1: text += depth == 4 ? " __typename" : " t"
            case 2: text += depth == 4 ? " __typename" : " required"
            case 3: text += " a {\(selection(&random, depth: depth - 1))}"
            case 4: text += " list {\(selection(&random, depth: depth - 1))}"
            case 5:
                let count = random.below(3)
                text += " l\(count): list @stream(initialCount: \(count)) {\(selection(&random, depth: depth - 1))}"
            case 6: text += depth == 4 ? " __typename" : " rows @stream(initialCount: 1)"
            default: text += " ... @defer {\(selection(&random, depth: depth - 1, within: depth))}"
            }
        }
        return depth == 4 ? text.replacing(" s", with: " __typename") : text
    }

    /// A selection on the type that stands around it.
    private static func selection(_ random: inout Random, depth: Int, within outer: Int) -> String {
        outer == 4
            ? " a {\(selection(&random, depth: depth))} list {\(selection(&random, depth: depth))}"
            : selection(&random, depth: depth)
    }

    private static func object(_ random: inout Random, depth: Int, mayFail: Bool) -> DynamicObject {
        var fields: [String: DynamicValue] = [:]
        for name in ["s", "t", "required"] { fields[name] = leaf(&random, mayFail: mayFail) }
        if depth > 0 {
            fields["a"] = .object(object(&random, depth: depth - 1, mayFail: mayFail))
            let list = (0..<random.below(4)).map { _ in
                mayFail && random.below(6) == 0
                    ? DynamicValue.null : .object(object(&random, depth: depth - 1, mayFail: mayFail))
            }
            fields["list"] = .list(list)
            fields["rows"] = .list([.list([.leaf(.string("x")), .null]), .null, .list([])])
        }
        return DynamicObject(fields: fields)
    }

    private static func leaf(_ random: inout Random, mayFail: Bool) -> DynamicValue {
        let isLate = random.below(3) == 0
        let value: DynamicValue =
            mayFail && random.below(5) == 0
            ? (random.below(2) == 0 ? .null : .error(GraphQLError("no")))
            : .leaf(.string("v\(random.below(100))"))
        guard isLate else { return value }
        return .resolver { _ in
            await Task.yield()
            return value
        }
    }

    // MARK: Merging

    private static func merged(
        _ schema: DynamicSchema,
        _ request: Request,
        _ root: DynamicObject
    ) async throws -> (data: Value, faults: [String], later: Int) {
        var client = IncrementalClient()
        try await schema.execute(request, root: root, as: .current) { client.take(try Value(json: $0.bytes)) }
        return (client.data, client.faults + client.open, client.later)
    }

    private static func sorted(_ value: Value) -> Value {
        switch value {
        case .object(let fields):
            .object(fields.map { Value.Field($0.name, sorted($0.value)) }.sorted { $0.name < $1.name })
        case .list(let elements): .list(elements.map(sorted))
        default: value
        }
    }
}

/// A client that puts the parts of an answer together.
private struct IncrementalClient {
    var data = Value.null
    var faults: [String] = []
    /// How many pieces came behind the first part.
    var later = 0
    private var pending: [String: [Value]] = [:]
    private var hasNext = true

    /// What it still waits for.
    var open: [String] { hasNext ? ["more was to come"] : pending.keys.sorted() }

    mutating func take(_ part: Value) {
        if !hasNext { faults.append("a part behind the last") }
        if let data = part["data"] { self.data = data }
        hasNext = part["hasNext"] == .boolean(true)
        for entry in part["pending"].elements {
            guard case .list(let path)? = entry["path"] else { continue }
            if pending.updateValue(path, forKey: entry["id"].text) != nil { faults.append("announced twice") }
        }
        for entry in part["incremental"].elements {
            later += 1
            guard let path = pending[entry["id"].text] else {
                faults.append("unknown \(entry["id"].text)")
                continue
            }
            if !data.merge(entry["data"] ?? entry["items"] ?? .null, at: (path + entry["subPath"].elements)[...]) {
                faults.append("does not fit: \(entry.json)")
            }
        }
        for entry in part["completed"].elements where pending.removeValue(forKey: entry["id"].text) == nil {
            faults.append("completed unknown \(entry["id"].text)")
        }
    }
}

extension Value? {
    fileprivate var elements: [Value] { if case .list(let elements)? = self { elements } else { [] } }
    fileprivate var text: String { if case .string(let text)? = self { text } else { "" } }
}

extension Value {
    /// Puts the members of an object, or further elements of a list, where a path leads; false where it leads nowhere.
    fileprivate mutating func merge(_ part: Value, at path: ArraySlice<Value>) -> Bool {
        switch (self, path.first, part) {
        case (.object(var fields), .string(let key)?, _):
            guard let index = fields.firstIndex(where: { $0.name == key }) else { return false }
            var value = fields[index].value
            let fits = value.merge(part, at: path.dropFirst())
            fields[index] = Field(key, value)
            self = .object(fields)
            return fits
        case (.list(var elements), .int(let index)?, _):
            guard elements.indices.contains(index) else { return false }
            let fits = elements[index].merge(part, at: path.dropFirst())
            self = .list(elements)
            return fits
        case (.object(var fields), nil, .object(let added)):
            for field in added {
                if fields.contains(where: { $0.name == field.name }) { return false }
                fields.append(field)
            }
            self = .object(fields)
            return true
        case (.list(let elements), nil, .list(let added)):
            self = .list(elements + added)
            return true
        default:
            return false
        }
    }
}

/// The same numbers for the same seed.
private struct Random {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
