package typealias SettingFault = Fault<SettingFaultCode>
package typealias SettingFaults = Faults<SettingFaultCode>

package enum SettingFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    case staleVersion = "STALE_VERSION"
}
