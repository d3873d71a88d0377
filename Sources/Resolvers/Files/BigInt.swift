public import GraphQLEngine
public import GraphQLSchema

/// A whole number of 64 bits, a string in JSON: JavaScript's numbers have 53 bits.
public struct BigInt: Sendable, Hashable, OutputLeaf, InputDecodable {
    let value: Int

    init(_ value: some BinaryInteger) { self.value = Int(clamping: value) }

    public func write(to buffer: inout ResponseBuffer) { buffer.write(String(value)) }

    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> BigInt? {
        switch value {
        case .int(let number): return BigInt(number)
        case .string(let text):
            // "+1" and "01" are numbers to Swift, and nobody's canonical form.
            if let number = Int(text), String(number) == text { return BigInt(number) }
        default: break
        }
        return decoder.refuse("a whole number of 64 bits")
    }
}
