internal import EventLoop

extension ParameterBuffer {
    /// The parameters as libpq takes them; all in binary format.
    borrowing func withPointers<Result>(
        _ body: (
            _ count: Int32,
            _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        let count = ends.count
        guard count > 0 else { return body(0, nil, nil, nil) }
        return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                bytes.withUnsafeBytes { content in
                    var start = 0
                    for index in 0..<count {
                        let isNull = ends[index] < 0
                        let end = isNull ? ~ends[index] : ends[index]
                        // An empty value has a pointer all the same: only a null has none.
                        let first = content.baseAddress.map { $0 + start } ?? UnsafeRawPointer(numbers.baseAddress)
                        values[index] = isNull ? nil : first?.assumingMemoryBound(to: CChar.self)
                        numbers[index] = Int32(truncatingIfNeeded: end - start)
                        numbers[count + index] = 1
                        start = end
                    }
                    let lengths = UnsafePointer(numbers.baseAddress)
                    return body(
                        Int32(truncatingIfNeeded: count),
                        values.baseAddress,
                        lengths,
                        lengths.map { $0 + count }
                    )
                }
            }
        }
    }
}
