/// Every reason for which a request is refused before a handler sees it.
public enum HTTPViolation: UInt8, CaseIterable, Sendable {
    // The request line
    case malformedRequestLine, requestLineTooLong, unknownMethod, unsupportedVersion, badTarget
    // Lines and fields
    case bareLineFeed, lineFolding, missingColon, spaceBeforeColon, badFieldName, badFieldValue
    case fieldTooLong, headTooLarge, tooManyFields
    // Host
    case missingHost, duplicateHost, badHost
    // Framing
    case badContentLength, duplicateContentLength, lengthAndTransferEncoding, badTransferEncoding
    case unknownTransferCoding, transferEncodingInHTTP10
    case bodyTooLarge, badChunkSize, badChunkExtension, chunkExtensionsTooLong, badChunkEnd
    case badTrailer, trailersTooLarge
    // Conduct
    case badExpectation, headTimeout, bodyTimeout

    public var status: HTTPStatus {
        switch self {
        case .requestLineTooLong: .uriTooLong
        case .unknownMethod, .unknownTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .fieldTooLong, .headTooLarge, .tooManyFields, .trailersTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .badExpectation: .expectationFailed
        case .headTimeout, .bodyTimeout: .requestTimeout
        default: .badRequest
        }
    }
}
