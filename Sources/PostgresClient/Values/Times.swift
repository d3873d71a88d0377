/// A moment: a timestamptz.
public struct Timestamp: PostgresEncodable, PostgresDecodable, Hashable, Comparable {
    /// Since 1970 in UTC. The ends of the range are PostgreSQL's `-infinity` and `infinity`.
    public let microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

    @inlinable public static var infinity: Timestamp { Timestamp(microseconds: .max) }
    @inlinable public static var minusInfinity: Timestamp { Timestamp(microseconds: .min) }
    @inlinable public static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.microseconds < other.microseconds
    }

    /// 2000-01-01, from where PostgreSQL counts.
    @usableFromInline static var epoch: Int64 { 946_684_800_000_000 }

    @inlinable public static var parameterType: PostgresType { .timestamptz }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        let isInfinite = microseconds == .max || microseconds < .min + Timestamp.epoch
        buffer.append(isInfinite ? microseconds : microseconds - Timestamp.epoch)
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .timestamptz }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 8 else { return nil }
        let wire = cell.bigEndian(as: Int64.self)
        let (sum, overflow) = wire.addingReportingOverflow(Timestamp.epoch)
        guard !overflow || wire == .max else { return nil }
        microseconds = wire == .min || wire == .max ? wire : sum
    }
    @inlinable public static var blank: Timestamp { Timestamp(microseconds: 0) }
}

/// A day of the calendar: a date.
public struct CalendarDate: PostgresEncodable, PostgresDecodable, Hashable, Comparable {
    /// Since 1970-01-01.
    public let days: Int32

    @inlinable public init(days: Int32) { self.days = days }
    @inlinable public static func < (one: CalendarDate, other: CalendarDate) -> Bool { one.days < other.days }

    @inlinable public static var parameterType: PostgresType { .date }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        let (wire, overflow) = days.subtractingReportingOverflow(10_957)
        buffer.append(overflow || days == .max ? days : wire)
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .date }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 4 else { return nil }
        let wire = cell.bigEndian(as: Int32.self)
        let (sum, overflow) = wire.addingReportingOverflow(10_957)
        guard !overflow || wire == .max else { return nil }
        days = wire == .min || wire == .max ? wire : sum
    }
    @inlinable public static var blank: CalendarDate { CalendarDate(days: 0) }
}

/// A time of the day without a zone: a time.
public struct TimeOfDay: PostgresEncodable, PostgresDecodable, Hashable, Comparable {
    /// Since midnight.
    public let microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }
    @inlinable public static func < (one: TimeOfDay, other: TimeOfDay) -> Bool {
        one.microseconds < other.microseconds
    }

    @inlinable public static var parameterType: PostgresType { .time }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(microseconds) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .time }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 8 else { return nil }
        microseconds = cell.bigEndian(as: Int64.self)
    }
    @inlinable public static var blank: TimeOfDay { TimeOfDay(microseconds: 0) }
}

/// A span of the calendar, whose months and days have no fixed length: an interval.
public struct CalendarInterval: PostgresEncodable, PostgresDecodable, Hashable {
    public let months: Int32
    public let days: Int32
    public let microseconds: Int64

    @inlinable public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    @inlinable public static var parameterType: PostgresType { .interval }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        buffer.append(microseconds)
        buffer.append(days)
        buffer.append(months)
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .interval }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 16 else { return nil }
        microseconds = cell.bigEndian(as: Int64.self)
        days = cell.bigEndian(8, as: Int32.self)
        months = cell.bigEndian(12, as: Int32.self)
    }
    @inlinable public static var blank: CalendarInterval { CalendarInterval() }
}
