/// What a JSON text may cost before its reader gives up on it.
public struct JSONLimits: Sendable {
    /// Lists and objects in each other.
    public var depth: Int
    public var bytes: Int
    /// Values of all kinds, members of objects and elements of lists among them.
    public var values: Int

    public init(depth: Int = 128, bytes: Int = 16 << 20, values: Int = 1_000_000) {
        self.depth = depth
        self.bytes = bytes
        self.values = values
    }

    public static let standard = JSONLimits()

    /// The digits of a number; reading more of them would say nothing about its value.
    static let numberBytes = 1_024
}
