import HTTPServer

extension HTTPRequest {
    /// The value of the cookie of this name. Nil where there are two: one of them was put there by somebody else.
    ///
    /// A cookie without a name may have a value such as `__Host-a=b`, for which browsers keep none of the promises of the
    /// prefix: what stands before the first `=` is the name, though it be empty.
    func cookie(_ name: String) -> String? {
        let values = values("cookie").flatMap { line in
            line.string.split(separator: ";").compactMap { pair -> String? in
                let sides = pair.drop { $0 == " " }
                    .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return sides.count == 2 && sides[0] == name ? String(sides[1]) : nil
            }
        }
        return values.count == 1 ? values[0] : nil
    }
}
