public import GraphQLSchema

/// A Swift type that arguments and input fields are decoded into.
public protocol InputDecodable: Sendable {
    /// Takes a coerced value; nil after a fault was reported.
    static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self?
}

extension InputDecoder {
    /// Decodes an argument or input field of a coerced object. One that is left out counts as null.
    public mutating func field<Decoded: InputDecodable>(_ name: String, of object: Value) -> Decoded? {
        at(name) { Decoded.decode(object[name] ?? .null, &$0) }
    }

    /// Decodes an argument or input field for which left out, null and a value are three things.
    public mutating func field<Decoded: InputDecodable>(_ name: String, of object: Value) -> InputValue<Decoded>? {
        guard let value = object[name] else { return .absent }
        if value == .null { return .null }
        return at(name) { Decoded.decode(value, &$0).map { .value($0) } }
    }
}

/// An argument or input field that may be left out, null or a value.
public enum InputValue<Wrapped: Sendable>: Sendable {
    case absent
    case null
    // Indirect, so that an input object may hold itself.
    indirect case value(Wrapped)

    /// The value, where the difference between null and left out does not matter.
    public var optional: Wrapped? {
        guard case .value(let value) = self else { return nil }
        return value
    }
}

extension InputValue: Equatable where Wrapped: Equatable {}

extension String: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> String? {
        switch value {
        case .string(let text), .enum(let text): text
        default: decoder.refuse("a string")
        }
    }
}

extension Bool: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Bool? {
        guard case .boolean(let flag) = value else { return decoder.refuse("a Boolean") }
        return flag
    }
}

extension Int32: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Int32? {
        guard case .int(let number) = value, let number = Int32(exactly: number) else {
            return decoder.refuse("an integer of 32 bits")
        }
        return number
    }
}

extension Double: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Double? {
        switch value {
        case .float(let number): number
        case .int(let number): Double(number)
        default: decoder.refuse("a number")
        }
    }
}

extension Optional: InputDecodable where Wrapped: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Wrapped?? {
        if value == .null { return .some(nil) }
        return Wrapped.decode(value, &decoder).map { .some($0) }
    }
}

extension Array: InputDecodable where Element: InputDecodable {
    public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> [Element]? {
        guard case .list(let values) = value else { return decoder.refuse("a list") }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for (position, value) in values.enumerated() {
            guard let element = decoder.at(position, { Element.decode(value, &$0) }) else { continue }
            elements.append(element)
        }
        return elements.count == values.count ? elements : nil
    }
}

extension InputDecoder {
    /// Reports a value that is of another kind than the Swift type it is bound to.
    public mutating func refuse<Decoded>(_ expected: String) -> Decoded? {
        report("type", "Expected \(expected).")
        return nil
    }
}
