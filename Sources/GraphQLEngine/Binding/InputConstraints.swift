/// The checks of `@constraint`. A value that is not there breaks none.
extension InputDecoder {
    public mutating func constrain(
        _ name: String,
        _ text: String?,
        minLength: Int? = nil,
        maxLength: Int? = nil
    ) {
        guard let length = text?.unicodeScalars.count else { return }
        at(name) { decoder in
            if let minLength, length < minLength {
                decoder.report("minLength", "Must be at least \(minLength) characters long.")
            }
            if let maxLength, length > maxLength {
                decoder.report("maxLength", "Must be at most \(maxLength) characters long.")
            }
        }
    }

    public mutating func constrain(_ name: String, _ number: Int32?, min: Int? = nil, max: Int? = nil) {
        guard let number else { return }
        at(name) { decoder in
            if let min, number < min { decoder.report("min", "Must be at least \(min).") }
            if let max, number > max { decoder.report("max", "Must be at most \(max).") }
        }
    }

    public mutating func constrain<Element>(
        _ name: String,
        _ list: [Element]?,
        minItems: Int? = nil,
        maxItems: Int? = nil
    ) {
        guard let count = list?.count else { return }
        at(name) { decoder in
            if let minItems, count < minItems { decoder.report("minItems", "Must hold at least \(minItems) items.") }
            if let maxItems, count > maxItems { decoder.report("maxItems", "Must hold at most \(maxItems) items.") }
        }
    }

    public mutating func constrain(
        _ name: String,
        _ text: InputValue<String>?,
        minLength: Int? = nil,
        maxLength: Int? = nil
    ) { constrain(name, text?.optional, minLength: minLength, maxLength: maxLength) }

    public mutating func constrain(_ name: String, _ number: InputValue<Int32>?, min: Int? = nil, max: Int? = nil) {
        constrain(name, number?.optional, min: min, max: max)
    }

    public mutating func constrain<Element>(
        _ name: String,
        _ list: InputValue<[Element]>?,
        minItems: Int? = nil,
        maxItems: Int? = nil
    ) { constrain(name, list?.optional, minItems: minItems, maxItems: maxItems) }
}
