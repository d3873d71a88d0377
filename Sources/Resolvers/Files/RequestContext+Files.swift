package import GraphQLSchema

extension RequestContext {
    /// Why the request may bring no files with it, if it may not: no field takes any from those who are not signed in, so
    /// nothing of theirs needs to come to the disk.
    package func refusalOfFiles() async -> GraphQLError? {
        do {
            _ = try await signedIn()
            return nil
        } catch {
            return error as? GraphQLError ?? AccessRefusal.unavailable
        }
    }
}
