/// What joins the schema, the program's types and the engine.
extension Emitter {
    /// - Returns: whether anything of it can be seen from outside the target.
    func emitBinding(of module: String?, to text: inout SwiftText) -> Bool {
        let start = text.text.utf8.count
        if module == nil { emitCommonConformances(to: &text) }
        for type in model.enums where type.module == module { text.line("extension \(type.name): EnumLeaf {}") }
        for input in model.inputs where input.module == module { emitDecoding(of: input, to: &text) }
        for arguments in model.arguments where arguments.module == module {
            emitDecoding(of: arguments.name, arguments.fields, to: &text)
        }
        let seesEngine = text.text.utf8.count > start
        for scalar in model.scalars where scalar.module == module {
            text.line(
                "private typealias \(scalar.check) = BoundScalar<\(scalar.swiftType)>  // scalar \(scalar.name)"
            )
        }
        for object in model.objects { emit(object, of: module, to: &text) }
        for abstract in model.abstracts where abstract.module == module { emit(abstract, to: &text) }
        if module == nil { emitSchema(to: &text) }
        return seesEngine
    }

    private func emitCommonConformances(to text: inout SwiftText) {
        text.line("extension ID: IDLeaf {}")
        text.line("extension TypedID: IDLeaf, OutputLeaf, InputDecodable {}")
        text.block("extension InputValue: InputDecodable where Value: InputDecodable") { text in
            text.line("\(access) static var omitted: Self? { .absent }")
            text.block(
                "\(access) static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Self?"
            ) { text in
                text.line("Value?.decode(value, &decoder).map { $0.map(Self.value) ?? .null }")
            }
        }
    }

    // MARK: Input

    private func emitDecoding(of input: InputModel, to text: inout SwiftText) {
        guard input.isOneOf else { return emitDecoding(of: input.name, input.fields, to: &text) }
        text.block("extension \(input.name): InputObject") { text in
            text.block("\(access) init?(_ fields: InputFields, _ decoder: inout InputDecoder)") { text in
                text.block("switch Self.chosenField(of: fields)") { text in
                    for field in input.fields {
                        text.line(
                            "case \"\(field.name)\": self.init(\(decode(field)), Self.\(SwiftNames.member(field.name)))"
                        )
                    }
                    text.line("default: return nil")
                }
            }
        }
    }

    private func emitDecoding(of name: String, _ fields: [InputFieldModel], to text: inout SwiftText) {
        text.block("extension \(name): InputObject") { text in
            text.block("\(access) init?(_ fields: InputFields, _ decoder: inout InputDecoder)") { text in
                // Names of our own: those of the schema may be words of Swift. All are decoded before any is missed.
                for (number, field) in fields.enumerated() { text.line("let v\(number) = \(decode(field))") }
                let bindings = fields.indices.map { "let v\($0)" }.joined(separator: ", ")
                text.line("guard \(bindings) else { return nil }")
                let arguments = fields.enumerated().map { "\(SwiftNames.label($1.name)): v\($0)" }.joined(
                    separator: ", "
                )
                text.line("self.init(\(arguments))")
            }
        }
    }

    private func decode(_ field: InputFieldModel) -> String {
        let constraint = field.constraint.map { ", \($0)" } ?? ""
        return "decoder.decode(\(field.swiftType).self, \"\(field.name)\", fields\(constraint))"
    }

    // MARK: Abstract types

    private func emit(_ type: AbstractModel, to text: inout SwiftText) {
        text.line("/// \(type.name)")
        text.block("enum \(type.name): Sendable") { text in
            for member in type.members { text.line("case \(SwiftNames.unionCase(member.name))(\(member.type))") }
        }
        text.block("enum \(type.binding): CompositeBinding") { text in
            text.line("typealias Value = \(type.name)")
            text.block("struct Storage") { text in
                for (number, member) in type.members.enumerated() { text.line("var v\(number): [\(member.type)] = []") }
            }
            text.line("static func makeStorage() -> Storage { Storage() }")
            text.block("static func append(_ value: Value, to storage: inout Storage) -> CompositeIndex") { text in
                // An interface that nothing implements has no values.
                if type.members.isEmpty { text.line("switch value {}") }
                guard !type.members.isEmpty else { return }
                text.block("switch value") { text in
                    for (number, member) in type.members.enumerated() {
                        let name = SwiftNames.unionCase(member.name)
                        text.line(
                            "case .\(name)(let row): CompositeIndex(filing: row, in: &storage.v\(number), \(number))"
                        )
                    }
                }
            }
            text.block("static func columns(_ storage: Storage) -> [ObjectColumn]") { text in
                let columns = type.members.enumerated().map { "Objects<\($1.binding)>(storage.v\($0))" }
                text.line("[\(columns.joined(separator: ", "))]")
            }
        }
    }
}
