/// The binding of an object type: what its values have, what is resolved for them, and the way from a field's number
/// to either.
extension Emitter {
    /// Emits the part of an object type that belongs to a module: its own gives the binding, every section that gives
    /// it fields a protocol of them.
    func emit(_ object: ObjectModel, of module: String?, to text: inout SwiftText) {
        let isOwn = object.module == module
        let fields = object.fields.filter { $0.module == module }
        guard isOwn || !fields.isEmpty else { return }
        if isOwn, object.origin == .value { emitValue(object, to: &text) }
        if isOwn, case .root = object.origin { text.line("struct \(object.swiftType): Sendable {}") }
        emitProtocol(of: object, in: module, to: &text)
        if isOwn { emitBinding(of: object, to: &text) } else { emitPart(of: object, fields, module, to: &text) }
    }

    private func emitValue(_ object: ObjectModel, to text: inout SwiftText) {
        let properties = object.fields.filter { $0.kind == .stored || $0.kind == .embedded }
        text.line("/// \(object.name)")
        text.block("struct \(object.swiftType): Sendable") { text in
            for field in properties { text.line("var \(SwiftNames.member(field.name)): \(field.swiftType)") }
            for field in object.fields where field.kind == .nodesOfEdges {
                text.line("var nodes: \(field.swiftType) { edges.map(\\.node) }")
            }
        }
    }

    // MARK: What the program has to have

    private func emitProtocol(of object: ObjectModel, in module: String?, to text: inout SwiftText) {
        let required = object.requiredFields(of: module)
        guard !required.isEmpty else { return }
        let name = object.protocolName(of: module)
        text.block("protocol \(name): Sendable") { text in
            for field in required { emitRequirement(field, of: object, to: &text) }
        }
        text.line("extension \(object.swiftType): \(name) {}")
    }

    private func emitRequirement(_ field: FieldModel, of object: ObjectModel, to text: inout SwiftText) {
        let name = SwiftNames.member(field.name)
        guard field.kind == .resolved else {
            return text.line("var \(name): \(field.swiftType) { get }  // \(field.coordinate)")
        }
        var result = "Results<\(field.swiftType)>"
        var parameters = ["of parents: Batch<\(object.swiftType)>"]
        if case .root(let operation) = object.origin {
            result = field.swiftType
            parameters = []
            if operation == "subscription" {
                result = field.events
                let element = field.hasFailableEvents ? "Result<\(field.swiftType), any Error>" : field.swiftType
                text.line("associatedtype \(result): AsyncSequence where \(result).Element == \(element)")
            }
        }
        if let arguments = field.arguments { parameters.append("_ arguments: \(arguments)") }
        parameters.append("in context: \(model.options.context)")
        let names = field.argumentNames.map { $0 + ":" }.joined()
        text.line(
            "static func \(name)(\(parameters.joined(separator: ", "))) async throws -> \(result)"
                + "  // \(field.coordinate)\(names.isEmpty ? "" : "(\(names))")"
        )
    }

    // MARK: From numbers to members

    private func emitBinding(of object: ObjectModel, to text: inout SwiftText) {
        text.block("enum \(object.binding): GeneratedBinding") { text in
            text.line("typealias Value = \(object.swiftType)")
            text.line("static var typeName: String { \"\(object.name)\" }")
            emitWriting(object, to: &text)
            guard object.origin != .root(operation: "subscription") else {
                emitArgumentDecoding(object, to: &text)
                return
            }
            let own = object.fields.filter { $0.module == object.module && $0.kind != .stored }
            let parts = object.modules().dropFirst().filter { module in
                object.fields.contains { $0.module == module && $0.kind != .stored }
            }
            if !own.isEmpty || !parts.isEmpty {
                emitResolving("resolver", own, of: object, to: &text) { text in
                    for part in parts {
                        let numbers = object.fields.filter { $0.module == part && $0.kind != .stored }.map(\.number)
                        let ranges = Self.ranges(numbers).map {
                            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)...\($0.upperBound)"
                        }
                        text.line(
                            "case \(ranges.joined(separator: ", ")): resolver\(part ?? "")(field, of: parents, call)"
                        )
                    }
                }
            }
            emitArgumentDecoding(object, to: &text)
        }
    }

    private func emitPart(of object: ObjectModel, _ fields: [FieldModel], _ module: String?, to text: inout SwiftText) {
        let resolved = fields.filter { $0.kind != .stored }
        guard !resolved.isEmpty, object.origin != .root(operation: "subscription") else { return }
        text.block("extension \(object.binding)") { text in
            emitResolving("resolver\(module ?? "")", resolved, of: object, to: &text) { _ in }
        }
    }

    private func emitWriting(_ object: ObjectModel, to text: inout SwiftText) {
        let stored = object.fields.filter { $0.kind == .stored }
        guard !stored.isEmpty else { return }
        text.block("static func write(_ field: Int, of value: \(object.swiftType), to buffer: inout ResponseBuffer)") {
            text in
            text.block("switch field") { text in
                for field in stored {
                    text.line("case \(field.number): value.\(SwiftNames.member(field.name)).write(to: &buffer)")
                }
                text.line("default: missing(field)")
            }
        }
        let partial = stored.filter(\.mayBeUnrepresentable)
        guard !partial.isEmpty else { return }
        text.block("static func isRepresentable(_ field: Int, of value: \(object.swiftType)) -> Bool") { text in
            text.block("switch field") { text in
                for field in partial {
                    text.line("case \(field.number): value.\(SwiftNames.member(field.name)).isRepresentable")
                }
                text.line("default: true")
            }
        }
    }

    private func emitResolving(
        _ name: String,
        _ fields: [FieldModel],
        of object: ObjectModel,
        to text: inout SwiftText,
        _ more: (inout SwiftText) -> Void
    ) {
        let isRoot = if case .root = object.origin { true } else { false }
        let needsContext = fields.contains { $0.kind == .resolved }
        text.block(
            "static func \(name)(_ field: Int, of parents: Batch<\(object.swiftType)>, _ call: ResolverCall) -> Resolver"
        ) { text in
            if needsContext { text.line("let context = call.context(as: \(model.options.context).self)") }
            text.block("\(needsContext ? "return " : "")switch field") { text in
                for field in fields {
                    let count = isRoot && object.isPlural ? ", count: parents.count" : ""
                    text.line(
                        "case \(field.number): { FieldColumn(\(answer(of: field, object)), as: \(field.shape).self\(count)) }"
                    )
                }
                more(&text)
                text.line("default: missing(field)")
            }
        }
    }

    private func answer(of field: FieldModel, _ object: ObjectModel) -> String {
        let member = SwiftNames.member(field.name)
        guard field.kind == .resolved else { return "parents.results { $0.\(member) }" }
        var arguments: [String] = []
        if case .root = object.origin {} else { arguments.append("of: parents") }
        if let name = field.arguments { arguments.append("call.arguments(as: \(name).self)") }
        arguments.append("in: context")
        return "try await \(object.swiftType).\(member)(\(arguments.joined(separator: ", ")))"
    }

    private func emitArgumentDecoding(_ object: ObjectModel, to text: inout SwiftText) {
        let fields = object.fields.filter { $0.arguments != nil }
        guard !fields.isEmpty else { return }
        text.block(
            "static func decodeArguments(_ field: Int, _ fields: InputFields, _ decoder: inout InputDecoder) -> DecodedArguments?"
        ) { text in
            text.block("switch field") { text in
                for (name, numbers) in model.argumentStructs(of: fields) {
                    let list = numbers.map(String.init).joined(separator: ", ")
                    text.line("case \(list): decoder.decodeArguments(\(name).self, fields)")
                }
                text.line("default: nil")
            }
        }
    }

    private static func ranges(_ numbers: [Int]) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges
    }
}
