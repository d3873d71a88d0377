/// The sub-protocols spoken, the preferred one first.
enum SocketDialect: String, CaseIterable {
    /// https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
    case transport = "graphql-transport-ws"
    /// https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md
    case older = "graphql-ws"

    /// What the older protocol calls `next` is `data`.
    var next: StaticString { self == .transport ? "next" : "data" }
}
