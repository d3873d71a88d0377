/// Plain Swift that knows no engine: ids, enums, inputs, arguments, failures.
extension Emitter {
    func emitTypes(of module: String?, to text: inout SwiftText) {
        if module == nil { emitCommonTypes(to: &text) }
        for id in model.ids where id.module == module {
            text.line("\(access) enum \(id.tag) {}")
            text.line("\(access) typealias \(id.name) = TypedID<\(id.tag)>")
        }
        for type in model.enums where type.module == module { emit(type, to: &text) }
        for input in model.inputs where input.module == module { emit(input, to: &text) }
        for arguments in model.arguments {
            if arguments.module == module { emitStruct(arguments.name, arguments.fields, mutable: false, to: &text) }
            for alias in arguments.aliases where alias.module == module {
                text.line("\(access) typealias \(alias.name) = \(arguments.name)")
            }
        }
        for failure in model.failures where failure.module == module { emit(failure, to: &text) }
    }

    private func emitCommonTypes(to text: inout SwiftText) {
        text.block("\(access) struct ID: RawRepresentable, Hashable, Sendable") { text in
            text.line("\(access) let rawValue: String")
            text.line("\(access) init(rawValue: String) { self.rawValue = rawValue }")
        }
        text.line("/// The id of an object of one type.")
        text.block("\(access) struct TypedID<Object>: RawRepresentable, Hashable, Sendable") { text in
            text.line("\(access) let rawValue: String")
            text.line("\(access) init(rawValue: String) { self.rawValue = rawValue }")
            text.line("\(access) init(_ id: ID) { rawValue = id.rawValue }")
            text.line("\(access) var id: ID { ID(rawValue: rawValue) }")
        }
        text.line("/// What a request says of a value that may be omitted or null: leave it, clear it, set it.")
        text.block("\(access) enum InputValue<Value: Sendable>: Sendable") { text in
            text.line("case absent, null, value(Value)")
            text.line("/// The value, if there is one.")
            text.line("\(access) var value: Value? { if case .value(let value) = self { value } else { nil } }")
        }
        text.line("extension InputValue: Equatable where Value: Equatable {}")
        text.line("extension InputValue: Hashable where Value: Hashable {}")
        if model.inputs.contains(where: { !$0.isOneOf && $0.fields.contains(where: \.isBoxed) }) { emitBox(to: &text) }
        text.line("/// Of the schema these types are for; the binding must be of the same.")
        text.line("\(access) enum SchemaFingerprint { \(access) static let \(model.fingerprint) = true }")
    }

    private func emitBox(to text: inout SwiftText) {
        text.line("/// Keeps a value elsewhere, so that an input can hold inputs of its own type.")
        text.block("@propertyWrapper \(access) struct Boxed<Value: Sendable>: Sendable") { text in
            text.line("private indirect enum Storage: Sendable { case value(Value) }")
            text.line("private var storage: Storage")
            text.line("\(access) init(wrappedValue: Value) { storage = .value(wrappedValue) }")
            text.block("\(access) var wrappedValue: Value") { text in
                text.line("get { switch storage { case .value(let value): value } }")
                text.line("set { storage = .value(newValue) }")
            }
        }
    }

    private func emit(_ type: EnumModel, to text: inout SwiftText) {
        text.block("\(access) enum \(type.name): String, CaseIterable, Sendable") { text in
            for value in type.cases { text.line("case \(value.name) = \"\(value.value)\"") }
        }
    }

    private func emit(_ input: InputModel, to text: inout SwiftText) {
        guard input.isOneOf else { return emitStruct(input.name, input.fields, mutable: true, to: &text) }
        text.block("\(access) enum \(input.name): Sendable") { text in
            for field in input.fields {
                text.line(
                    "\(field.isBoxed ? "indirect " : "")case \(SwiftNames.member(field.name))(\(field.swiftType))"
                )
            }
        }
    }

    private func emitStruct(_ name: String, _ fields: [InputFieldModel], mutable: Bool, to text: inout SwiftText) {
        text.block("\(access) struct \(name): Sendable") { text in
            for field in fields {
                let name = SwiftNames.member(field.name)
                text.line(
                    "\(field.isBoxed ? "@Boxed " : "")\(access) \(mutable ? "var" : "let") \(name): \(field.swiftType)"
                )
            }
            let parameters = fields.map { field in
                "\(SwiftNames.member(field.name)): \(field.swiftType)" + (field.defaultValue.map { " = \($0)" } ?? "")
            }
            text.block("\(access) init(\(parameters.joined(separator: ", ")))") { text in
                for field in fields {
                    let name = SwiftNames.member(field.name)
                    text.line("self.\(name) = \(name)")
                }
            }
        }
    }

    private func emit(_ failure: FailureModel, to text: inout SwiftText) {
        text.line("/// What \(failure.coordinate) may fail with.")
        text.block("\(access) enum \(failure.name): Error, CaseIterable") { text in
            for name in failure.cases { text.line("case \(name)") }
            text.block("\(access) var code: \(failure.codes)") { text in
                text.block("switch self") { text in
                    for name in failure.cases { text.line("case .\(name): .\(name)") }
                }
            }
        }
    }
}
