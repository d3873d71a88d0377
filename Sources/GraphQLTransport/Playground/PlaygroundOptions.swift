/// The page that browsers find where programs find GraphQL.
public struct PlaygroundOptions: Sendable {
    /// Reads the page's files from this folder for every request and not from the binary: for work on the page itself.
    /// Files are read on the loop, so this is not for servers that have other work.
    public var developmentFolder: String?

    public init() {}
}
