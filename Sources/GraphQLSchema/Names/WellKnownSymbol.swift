/// Names the language itself gives a meaning to. Every ``SchemaIndex`` numbers them alike, so they are constants.
public enum WellKnownSymbol {
    public static let skip: Symbol = 0
    public static let include: Symbol = 1
    public static let `defer`: Symbol = 2
    public static let stream: Symbol = 3
    public static let `if`: Symbol = 4
    public static let label: Symbol = 5
    public static let typename: Symbol = 6
    public static let schema: Symbol = 7
    public static let type: Symbol = 8
    public static let name: Symbol = 9
    // The lists of introspection that can be nested in each other.
    public static let fields: Symbol = 10
    public static let interfaces: Symbol = 11
    public static let possibleTypes: Symbol = 12
    public static let inputFields: Symbol = 13

    static let names = [
        "skip", "include", "defer", "stream", "if", "label", "__typename", "__schema", "__type", "name", "fields",
        "interfaces", "possibleTypes", "inputFields",
    ]
}
