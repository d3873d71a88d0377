/// What an operation may ask for before anything runs; safe for the open Internet as it stands.
public struct OperationLimits: Sendable {
    /// Fields in each other, fragments counted in.
    public var depth = 15
    /// Fields in each other from `__schema` or `__type` on.
    public var introspectionDepth = 20
    /// All fields, those of a fragment once for each time it is spread.
    public var fields = 5_000
    /// Fields of the query or subscription type, counted likewise.
    public var rootFields = 50
    /// Fields of the mutation type.
    public var mutations = 5
    public var aliases = 30
    public var directives = 100
    /// The static cost in points: see ``OperationCost``.
    public var points = 1_000.0
    /// How many objects the answer may hold.
    public var nodes = 10_000.0
    /// The elements of a list that no `@listSize` says the size of.
    public var assumedListSize = 10.0
    /// The points of a mutation without `@cost`.
    public var mutationWeight = 10.0

    public init() {}

    /// No limits: for documents that are trusted, and for tools.
    public static var none: OperationLimits {
        var limits = OperationLimits()
        limits.depth = .max
        limits.introspectionDepth = .max
        limits.fields = .max
        limits.rootFields = .max
        limits.mutations = .max
        limits.aliases = .max
        limits.directives = .max
        limits.points = .infinity
        limits.nodes = .infinity
        return limits
    }
}

/// What an operation asks for at most, by `@cost` and `@listSize`: https://ibm.github.io/graphql-specs/cost-spec.html
///
/// A field is called once for each parent, which costs its `@cost`: nothing, where it has none, or the weight of a
/// mutation. Each object it answers costs the `@cost` of its type, or 1; where the field answers one object, its own
/// `@cost` stands for that. Given arguments and input fields cost their `@cost`. Of the fragments on object types, one
/// of which applies, the dearest counts.
public struct OperationCost: Hashable, Sendable {
    public var points: Double
    /// Objects of the answer.
    public var nodes: Double
}
