extension Schema {
    /// Builds a schema from the data of a response to an introspection query, without checking it further.
    ///
    /// Throws what graphql-js's `buildClientSchema` says of the first thing that is missing or wrong.
    public init(introspection data: Value) throws(GraphQLError) {
        guard let schema = data["__schema"], case .object = schema else {
            throw GraphQLError(
                "Invalid or incomplete introspection result. Ensure that you are passing \"data\" property of "
                    + "introspection response and no \"errors\" was returned alongside: \(data.inspected)."
            )
        }
        var reader = IntrospectionReader()
        self = try reader.read(schema)
    }
}
