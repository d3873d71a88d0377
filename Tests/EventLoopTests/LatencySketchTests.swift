import EventLoop
import Testing

@Suite struct LatencySketchTests {
    @Test(arguments: [1_000, 900_000, 7_340_000, 250_000_000, 90_000_000_000] as [UInt64])
    func `what all took alike is told to an eighth`(nanoseconds: UInt64) {
        var sketch = LatencySketch()
        for _ in 0..<1_000 { sketch.add(nanoseconds: nanoseconds) }
        for share in [0.5, 0.95, 0.99] {
            let told = Double(sketch.quantile(share))
            // The first classes are a microsecond wide.
            #expect(abs(told - Double(nanoseconds)) <= Double(nanoseconds) / 4 + 1_024, "\(share): \(told)")
            #expect(told <= Double(nanoseconds))
        }
        #expect(sketch.mean == nanoseconds && sketch.longest == nanoseconds && sketch.count == 1_000)
    }

    @Test func `quantiles of evenly spread times are where they belong, however they were gathered`() {
        var (even, odd) = (LatencySketch(), LatencySketch())
        for number in 1...10_000 as ClosedRange<UInt64> {
            if number % 2 == 0 { even.add(nanoseconds: number * 10_000) } else { odd.add(nanoseconds: number * 10_000) }
        }
        even += odd
        #expect(even.count == 10_000 && even.sum == 10_000 * 10_001 / 2 * 10_000)
        for (share, wanted) in [(0.5, 50e6), (0.95, 95e6), (0.99, 99e6), (1, 100e6)] {
            let told = Double(even.quantile(share))
            #expect(abs(told - wanted) < wanted / 8, "\(share): \(told)")
        }
    }

    @Test func `none have no quantiles, and what takes for ever is in the last class`() {
        var sketch = LatencySketch()
        #expect(sketch.quantile(0.95) == 0 && sketch.mean == 0)
        sketch.add(nanoseconds: 0)
        sketch.add(nanoseconds: .max)
        #expect(sketch.count == 2 && sketch.longest == .max && sketch.quantile(0.01) <= 1_024)
        var other = LatencySketch()
        other += sketch
        other += LatencySketch()
        #expect(other.count == 2 && other.quantile(1) > 100_000_000_000)
    }

    @Test func `the process tells what it takes`() {
        let before = ProcessFigures()
        #expect(before.residentBytes > 1 << 20 && before.virtualBytes >= before.residentBytes)
        #expect(before.openDescriptors >= 3 && before.maximumDescriptors >= before.openDescriptors)
        var sum = 0.0
        while ProcessFigures().cpuSeconds < before.cpuSeconds + 0.02 { sum += 1 }
        #expect(sum > 0)
    }
}
