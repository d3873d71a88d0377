public import GraphQLLanguage
public import GraphQLSchema

/// A schema with everything that answers it: what the generator writes from `schema.graphql`.
///
/// Types and fields are named by their numbers in the schema built from ``sdl``.
public protocol SchemaBinding {
    static var sdl: StaticString { get }

    /// The one parent of the root fields of an operation.
    static func root(_ operation: OperationType) -> ObjectColumn

    /// Turns the coerced arguments of a field into the struct its resolver takes; nil for fields without arguments.
    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments?

    /// Opens the event stream of a subscription's root field.
    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream
}

/// A resolver's arguments, decoded before anything runs.
public final class DecodedArguments: Sendable {
    @usableFromInline let storage: any Sendable

    @inlinable public init(_ arguments: some Sendable) { storage = arguments }

    /// The arguments as the struct they were decoded into.
    @inlinable public func get<Arguments: Sendable>(_ type: Arguments.Type = Arguments.self) -> Arguments {
        guard let arguments = storage as? Arguments else {
            preconditionFailure("arguments were decoded as \(Arguments.self) for the field they belong to")
        }
        return arguments
    }
}

/// What a resolver is called with beside its parents.
public struct ResolverCall: Sendable {
    public let arguments: DecodedArguments?
    public let context: ExecutionContext

    public init(arguments: DecodedArguments?, context: ExecutionContext) {
        self.arguments = arguments
        self.context = context
    }
}

extension ResolverCall {
    /// The arguments as the struct they were decoded into.
    public func arguments<Arguments: Sendable>(as type: Arguments.Type) -> Arguments {
        guard let arguments else { preconditionFailure("a field with arguments is called with them") }
        return arguments.get(type)
    }

    /// The request's context as the application's own class.
    public func context<Context: ExecutionContext>(as type: Context.Type) -> Context {
        guard let context = context as? Context else {
            preconditionFailure("requests to this schema are executed in a \(Context.self)")
        }
        return context
    }
}

/// What a request carries through its execution. Applications subclass it: their resolvers get their own class.
open class ExecutionContext: @unchecked Sendable {
    // Unchecked because subclasses add what they need; the base class itself holds nothing that changes.

    /// What the loaders of the request share.
    public let loading: LoadingContext

    public init(_ loading: LoadingContext) { self.loading = loading }

    /// The class the request is of, which decides what of the schema it sees (``VisibilityRule``).
    open var visibility: String? { nil }

    /// Whether the request may ask for the schema.
    open var allowsIntrospection: Bool { true }

    /// Asked once for each operation, before anything of it runs, with what it is estimated to cost where that is known.
    /// Throws for those who have asked for enough.
    open func admit(_ cost: OperationCost?) throws(GraphQLError) {}

    /// Whether a query or mutation that was let in for this estimate is to be settled by what it did cost.
    open func settles(_ estimate: OperationCost?) -> Bool { false }

    /// Called with what such an operation did cost, when its answer is complete.
    open func settle(_ actual: OperationCost) {}

    /// Whose subscriptions the context's may share: contexts with equal keys are told the same, event by event. Nil, as
    /// it stands, for nobody's. Whatever decides about answers besides the document and its variables, such as what the
    /// subscriber may see, belongs in the key.
    open var sharingKey: String? { nil }

    /// Whom places are counted for that many share, such as event streams that are reserved. Nil, as it stands, for whoever
    /// has the address of the connection.
    open var clientKey: String? { nil }

    /// What the context adds to `extensions` of the answer, asked when the answer is complete.
    open var extensions: [Value.Field] { [] }

    /// The context of a subscription's next event. Where the context has loaders, it is to be a new one with new loaders
    /// (``LoadingContext/renewed()``): theirs keep what they have loaded.
    open func contextForNextEvent() -> ExecutionContext { self }

    /// For tests and tools, which have no event loop. A server hands on the loading context it is given: with this one, loaders
    /// guess when a turn ends, and no subscription is shared.
    // Not a designated one: a subclass that forgets to hand its loading context on does not compile.
    public convenience init() { self.init(LoadingContext()) }
}
