public import GraphQLSchema

extension ResponseBuffer {
    /// Any value as JSON.
    public mutating func write(_ value: Value) {
        switch value {
        case .null: writeNull()
        case .int(let value): write(value)
        case .float(let value): write(value)
        case .string(let value), .enum(let value): write(value)
        case .boolean(let value): write(value)
        case .list(let values):
            write(byte: UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { write(byte: UInt8(ascii: ",")) }
                write(value)
            }
            write(byte: UInt8(ascii: "]"))
        case .object(let fields):
            write(byte: UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { write(byte: UInt8(ascii: ",")) }
                write(field.name)
                write(byte: UInt8(ascii: ":"))
                write(field.value)
            }
            write(byte: UInt8(ascii: "}"))
        }
    }
}
