extension HTTPRequest {
    /// Whether the client takes bodies packed by gzip.
    public var acceptsGzip: Bool {
        self["accept-encoding"]?.withUnsafeBytes(AcceptEncoding.acceptsGzip) ?? false
    }
}
