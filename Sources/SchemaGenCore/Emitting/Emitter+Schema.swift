/// The one type that an engine is made with.
extension Emitter {
    func emitSchema(to text: inout SwiftText) {
        text.line("/// The schema and everything that answers it: what an engine is made with.")
        text.block("\(access) enum GeneratedSchema: SchemaBinding") { text in
            emitRoots(to: &text)
            emitArgumentDispatch(to: &text)
            emitSubscribing(to: &text)
            text.line(
                "\(access) static var sdl: StaticString { _ = SchemaFingerprint.\(model.fingerprint); return \(Self.rawLiteral(model.sdl)) }"
            )
        }
    }

    private func emitRoots(to text: inout SwiftText) {
        text.block("\(access) static func root(_ operation: OperationType) -> ObjectColumn") { text in
            text.block("switch operation") { text in
                for operation in ["query", "mutation", "subscription"] {
                    if let root = model.root(operation) {
                        text.line("case .\(operation): Objects<\(root.binding)>([\(root.swiftType)()])")
                    } else {
                        text.line("case .\(operation): preconditionFailure(\"the schema has no \(operation) type\")")
                    }
                }
            }
        }
    }

    private func emitArgumentDispatch(to text: inout SwiftText) {
        text.block(
            "\(access) static func decodeArguments(type: Int, field: Int, _ arguments: InputFields, _ decoder: inout InputDecoder) -> DecodedArguments?"
        ) { text in
            text.block("switch type") { text in
                for object in model.objects where object.fields.contains(where: { $0.arguments != nil }) {
                    text.line("case \(object.number): \(object.binding).decodeArguments(field, arguments, &decoder)")
                }
                text.line("default: nil")
            }
        }
    }

    private func emitSubscribing(to text: inout SwiftText) {
        text.block("\(access) static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream") {
            text in
            guard let root = model.root("subscription") else {
                return text.line("preconditionFailure(\"the schema has no subscription type\")")
            }
            text.line("let context = call.context(as: \(model.options.context).self)")
            text.block("switch field") { text in
                for field in root.fields {
                    let arguments = field.arguments.map { "call.arguments(as: \($0).self), " } ?? ""
                    let events = "try await \(root.swiftType).\(SwiftNames.member(field.name))(\(arguments)in: context)"
                    text.line("case \(field.number): return EventStream(\(events), as: \(field.shape).self)")
                }
                text.line("default: \(root.binding).missing(field)")
            }
        }
    }

    /// A literal in which nothing means anything, with as many signs around it as that takes.
    private static func rawLiteral(_ text: String) -> String {
        var longest = 0
        var current = 0
        for byte in text.utf8 {
            current = byte == UInt8(ascii: "#") ? current + 1 : 0
            longest = max(longest, current)
        }
        let signs = String(repeating: "#", count: longest + 1)
        return "\(signs)\"\"\"\n\(escapingControls(text, signs))\n\"\"\"\(signs)"
    }

    /// Descriptions may hold control characters; Swift's source may not.
    private static func escapingControls(_ text: String, _ signs: String) -> String {
        func isControl(_ byte: UInt8) -> Bool {
            byte == 0x7F || byte < 0x20 && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\t")
        }
        guard text.utf8.contains(where: isControl) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, isControl(UInt8(ascii: scalar)) {
                escaped += "\\\(signs)u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension SchemaModel {
    var fingerprint: String { "v" + String(Fingerprint.of(sdl), radix: 16) }

    func root(_ operation: String) -> ObjectModel? { objects.first { $0.origin == .root(operation: operation) } }
}
