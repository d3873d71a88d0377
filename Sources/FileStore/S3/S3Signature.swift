internal import COpenSSL
import EventLoop
internal import Glibc

/// Signs requests to S3, in their fields or in their address:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
struct S3Signature {
    let region: String
    let accessKey: String
    let secretKey: String
    /// `20130524T000000Z`
    let time: String

    init(region: String, accessKey: String, secretKey: String, seconds: Int) {
        self.region = region
        self.accessKey = accessKey
        self.secretKey = secretKey
        time = Self.text(of: seconds)
    }

    /// The fields to send along, the signature among them.
    func fields(
        _ method: String,
        _ url: S3Address,
        _ fields: [(name: String, value: String)],
        payload: String
    ) -> [(name: String, value: String)] {
        let own = fields + [("x-amz-content-sha256", payload), ("x-amz-date", time)]
        let signed = (own + [("host", url.host)]).sorted { $0.name < $1.name }
        let signature = sign(method, url, signed, payload: payload)
        let value =
            "AWS4-HMAC-SHA256 Credential=\(credential),"
            + "SignedHeaders=\(names(of: signed)),Signature=\(signature)"
        return own + [("authorization", value)]
    }

    /// An address that anybody may use for a while.
    func address(_ method: String, _ url: S3Address, forSeconds seconds: Int) -> String {
        var url = url
        let signed = [(name: "host", value: url.host)]
        url.query += [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", credential), ("X-Amz-Date", time),
            ("X-Amz-Expires", String(min(max(seconds, 1), 604_800))), ("X-Amz-SignedHeaders", names(of: signed)),
        ]
        let signature = sign(method, url, signed, payload: "UNSIGNED-PAYLOAD")
        return "\(url.text)&X-Amz-Signature=\(signature)"
    }

    private var scope: String { "\(time.prefix(8))/\(region)/s3/aws4_request" }
    private var credential: String { "\(accessKey)/\(scope)" }

    private func names(of fields: [(name: String, value: String)]) -> String {
        fields.map(\.name).joined(separator: ";")
    }

    /// The fields have names in lower case, and are in order.
    private func sign(
        _ method: String,
        _ url: S3Address,
        _ fields: [(name: String, value: String)],
        payload: String
    ) -> String {
        let lines = fields.map { "\($0.name):\($0.value)\n" }.joined()
        let request = [method, url.path, url.queryText, lines, names(of: fields), payload].joined(separator: "\n")
        let text = ["AWS4-HMAC-SHA256", time, scope, Hexadecimal.text(S3Hash.sha256(request))].joined(separator: "\n")
        var key = Array("AWS4\(secretKey)".utf8)
        for part in scope.split(separator: "/") { key = S3Hash.hmac(key, String(part)) }
        return Hexadecimal.text(S3Hash.hmac(key, text))
    }

    /// `20130524T000000Z`
    static func text(of seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return "\(parts.tm_year + 1_900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

enum S3Hash {
    static func sha256(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(bytes, bytes.count, &digest)
        return digest
    }

    static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, nil)
        return code
    }
}
