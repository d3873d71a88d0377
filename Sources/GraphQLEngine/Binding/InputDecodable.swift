public import GraphQLSchema

/// The coerced arguments of a field, or fields of an input object.
public typealias InputFields = [GraphQLSchema.Value.Field]

/// A coerced value of an input type.
public typealias InputItem = GraphQLSchema.Value

/// A Swift type that stands for an input type: a scalar, an enum, an input object, or lists of them.
public protocol InputDecodable: Sendable {
    /// Nil where the value cannot be taken; then the decoder has been told why.
    static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Self?

    /// What stands for a value that is not given; nil where one always is.
    static var omitted: Self? { get }
}

extension InputDecodable {
    public static var omitted: Self? { nil }
}

/// An input object or the arguments of a field.
public protocol InputObject: InputDecodable {
    init?(_ fields: InputFields, _ decoder: inout InputDecoder)
}

extension InputObject {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Self? {
        guard case .object(let fields) = value else { return decoder.refuse("an object") }
        return Self(fields, &decoder)
    }

    /// Of a `@oneOf` input: the one field that coercion has let through.
    public static func chosenField(of fields: InputFields) -> String? { fields.first?.name }

    /// Of a `@oneOf` input: the case that the field makes.
    public init?<Payload>(_ payload: Payload?, _ make: (Payload) -> Self) {
        guard let payload else { return nil }
        self = make(payload)
    }
}

/// A generated enum: its raw values are the names in the schema.
public protocol EnumLeaf: OutputLeaf, InputDecodable, RawRepresentable<String> {}

extension EnumLeaf {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Self? {
        guard case .enum(let name) = value, let decoded = Self(rawValue: name) else {
            return decoder.refuse("a value of the enum")
        }
        return decoded
    }
}

/// A generated type of ids.
public protocol IDLeaf: OutputLeaf, InputDecodable, RawRepresentable<String> {}

extension IDLeaf {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Self? {
        guard case .string(let text) = value, let decoded = Self(rawValue: text) else { return decoder.refuse("an id") }
        return decoded
    }
}

extension OutputLeaf where Self: RawRepresentable<String> {
    @inlinable public func write(to buffer: inout ResponseBuffer) { buffer.write(rawValue) }
}

extension String: InputDecodable {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> String? {
        guard case .string(let text) = value else { return decoder.refuse("a string") }
        return text
    }
}

extension Int32: InputDecodable {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Int32? {
        guard case .int(let number) = value, let decoded = Int32(exactly: number) else {
            return decoder.refuse("an integer")
        }
        return decoded
    }
}

extension Double: InputDecodable {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Double? {
        switch value {
        case .float(let number): number
        case .int(let number): Double(number)
        default: decoder.refuse("a number")
        }
    }
}

extension Bool: InputDecodable {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Bool? {
        guard case .boolean(let truth) = value else { return decoder.refuse("true or false") }
        return truth
    }
}

extension Optional: InputDecodable where Wrapped: InputDecodable {
    public static var omitted: Wrapped?? { .some(nil) }

    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Wrapped?? {
        if case .null = value { return .some(nil) }
        return Wrapped.decode(value, &decoder).map(Optional.some)
    }
}

extension Array: InputDecodable where Element: InputDecodable {
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> [Element]? {
        guard case .list(let items) = value else { return decoder.refuse("a list") }
        var elements: [Element] = []
        elements.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if decoder.isPartial, item == .null { continue }
            // All elements are looked at, so that all faults are told.
            if let element = decoder.at(index, { Element.decode(item, &$0) }) { elements.append(element) }
        }
        return elements.count == items.count ? elements : nil
    }
}
