/// The entry of libFuzzer: checks every property on one text. See scripts/fuzz.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do {
        try LanguageProperties.check(bytes)
        try SchemaProperties.check(bytes)
        try ValidationProperties.check(bytes)
        try PatternProperties.check(bytes)
    } catch {
        fatalError("\(error)")
    }
    return 0
}
