package typealias NotificationFault = Fault<NotificationFaultCode>
package typealias NotificationFaults = Faults<NotificationFaultCode>

package enum NotificationFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    case quotaExceeded = "QUOTA_EXCEEDED"
}
