public import GraphQLEngine
public import GraphQLSchema

/// What multipart requests may bring. What exceeds a limit on sizes is answered 413, on shape 400.
public struct UploadLimits: Sendable {
    /// Bytes of one file.
    public var maximumFileBytes = 10 << 20
    /// Bytes of a whole body, with everything around the files.
    public var maximumBytes = 32 << 20
    /// Files of one request.
    public var maximumFiles = 10
    /// Places among the variables that are to become files; one file may stand at several.
    public var maximumPaths = 100
    /// Steps of the path to such a place.
    public var maximumPathDepth = 16
    /// Bytes of the fields of one part.
    public var maximumPartHead = 4_096
    /// Bytes of the part `map`.
    public var maximumMapBytes = 64 << 10
    /// Multipart requests at a time, of all loops; more are answered 503.
    public var maximumRequests = 32
    /// Those of one client (``ExecutionContext/clientKey``); more are answered 429.
    public var maximumRequestsPerClient = 8
    /// How long one may take to come; beyond: 408.
    public var maximumTime = Duration.seconds(600)
    /// Threads that write to files, so that no loop has to wait for a disk.
    public var threads = 2
    /// Where the files are, which have no names in it; best no file system in memory.
    public var folder = "/tmp"
    /// Asked before anything of the body is read, and thus before anything is on the disk: the error by which the request
    /// is answered 401, or nil for those who may bring files. As it stands, everybody may.
    public var refusal: (@Sendable (ExecutionContext) async -> GraphQLError?)?

    public init() {}
}
