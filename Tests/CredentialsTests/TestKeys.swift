/// Keys made for these tests and used nowhere else.
enum TestKeys {
    /// RSA, 2048 bits.
    static let rsa = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCoC1ZXguAgodcu
        8Kv52bHM94iBRNhLGmoSrXlCftvL5SWLYK2Vl2mO2h2PoDFbw9M1EyYaP9EPSZhT
        cGw6uo45A5R+AoJ8aAk3xboltrqMGOjp/LWQCjq7GhTdyp0aWe8v3uK32z/jS/xY
        J+UXQnutyx/kb9CRUiPl/BeBZOYzKEIb6xMro1R5Diev8JC9o9XrN6Qk0u9VR6aQ
        yiuBIqkvXi78Y0MR2btGAzm9LGwk/bc11l+BP5Zy+WVLDuc7xf8nmZM+9tz4PlyZ
        gTlfOyf6f0fzawEN6+h9Z6b2sS8YqjajZFxXMfSlk1H4ndj5h/ZS8EhBC7TlrfWr
        pgkBCtkfAgMBAAECggEAGBUH2qK22/ZVkDSNcNDx2h3fQidLl/fBG8wghJcJiL7e
        EotYVQfN6Nr5QYwDhtMZgZGs9DYRD8/MNKj32bLCjwkkTqqtaIbAS23ar2zwbwNi
        3aWJn4rXv9iNBPv0Z8JbtNCMTSzuivRoxXlyK1MrxkxF1cbwbOMIofzuoWyEUPBI
        kalqLyt6NRdxfFGm4nax3Q8R1jVzAcNhyf0xtipgRgLGdf9RCpe/SUlJCEYU+Q0Y
        k//bzLCNkKabHDqaaJILqsSJdVVlrbGxWg5wKrzaRf0IqfO9ryIu8JR7Qp+2nMGN
        rv/xf9J2JG/Efqlh6lmstO9Zd+F+XlVqmeadVN2GAQKBgQDUmY1lTFVC5W2wRpJr
        nT0SxC+rt+LHP3vRFAPdiIxYrgNRQtKW/ex0LU0YA4M70UNqd5e11MRkRC/eDvm2
        XkHUqa31bCtf9A93rDaEmRliXS3szoZfho0c1KxQq/OA9bREZRtxUgtm8/snY3aE
        AeZJkZf3CgmgPet33IZpSsJrDwKBgQDKWVElIk/+Xz94LmgWn2CJ60IBAQTWxWBz
        3n4GyubSBWo58TsAagnKxnzv9y1oLGvBJ/2v35swZ84BRRXh14HesdAGqIXYhDNI
        CoRuTydOCpVtRUN+/05GkYY+jEuaK+WGgfKNsp3i/AJVzQjJvp7do1xJKu8oSQT5
        P5u4Qfrw8QKBgQC6bXBFPPujLsbSBgCNp5OPqkPXQ+f0KuIrhG6jTAMuHGHCV2ON
        jltTwQnSnfntcWK5sOdzRoF1HyoOgnlNBziZALYP+WvLt5v8qCIigpJ05BrKhovk
        pnuFpaT5FN/x3QPX2gWHiJeBDz/U2W5q8bN8HdTxh3bLcqDSOaoQGMOF1wKBgENr
        dwn0YMrUWYVlkPDYsYXCiP9ko4Qbx4NTwpHo0PdxLm+X3JzKt/CEKeSaatqm0lBN
        Ts1mp4J9U7pAloXlFDRq8nEFfXMiuSNrvawzW1k5VYhO56pMznvcyOnWPOplbdhf
        O73SoaCbbvu/kQoHJU+buof2cjDuA2Y4t12xPjdBAoGAKLRSKqO7TAZd/NzGrik2
        rC2FuDZqjlN80Ml4Rr8LwhSn1xcMOsigYEE1rrYpJi1OCUX3uhDY3OMhSdqgcnAN
        tNhgqkwgqkzmK11zxpGUk/q6OKptPUSpa1O1xJcu2vFX/quPq5305NGZKdR7p20v
        D8TlxN962mP+5bIWwktsSHA=
        -----END PRIVATE KEY-----
        """

    /// The public half of `rsa`.
    static let rsaPublic = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqAtWV4LgIKHXLvCr+dmx
        zPeIgUTYSxpqEq15Qn7by+Uli2CtlZdpjtodj6AxW8PTNRMmGj/RD0mYU3BsOrqO
        OQOUfgKCfGgJN8W6Jba6jBjo6fy1kAo6uxoU3cqdGlnvL97it9s/40v8WCflF0J7
        rcsf5G/QkVIj5fwXgWTmMyhCG+sTK6NUeQ4nr/CQvaPV6zekJNLvVUemkMorgSKp
        L14u/GNDEdm7RgM5vSxsJP23NdZfgT+WcvllSw7nO8X/J5mTPvbc+D5cmYE5Xzsn
        +n9H82sBDevofWem9rEvGKo2o2RcVzH0pZNR+J3Y+Yf2UvBIQQu05a31q6YJAQrZ
        HwIDAQAB
        -----END PUBLIC KEY-----
        """

    /// RSA, 1024 bits.
    static let weakRSA = """
        -----BEGIN PRIVATE KEY-----
        MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAPIQIz9SqsKhObNX
        NcSelTPg4daI0oYefxAJI0E0g7Te+WCWtQgPaSmguIt3lCgiDptCiKvW+a20axWy
        D4cTtzK+7okFUyMi2gZoD+eSg85HBbV5ZD9YV5j+sniKwkNUuA/brpdX5tGujaBJ
        WIkpowNqSA/GuA0PY/5L5HQCK+6VAgMBAAECgYEAl21s/2IRnOwLEpwN8NBb+jZG
        UVUKjghp6Hgu682UTwPl8XyWB1LMsNPwXp8RugGELbBzmzxCuV3SV6IqgI/e29Jz
        T3d9jlwE4vUtNFLjTklYq7QdZFgg9pEhMSWZ+X2SmTERv+zda/I1BDljtGTDQnHy
        tmRYky2Q5m8YatUtrkkCQQD/T6yOBZJTIe8mnp45CcaHvI8LYu7ALsxvv7LMpeZP
        cQtk9Zl6cdutaqML9QNK1aq/RxWi81df2w6RnWhyYIU3AkEA8rdQZBbkb7zkjWIw
        7yCuSeOAF3QeMbI+AKgnBbzB+tL1NHprIoWaWrKUDB9WaVNm5bEvvvGCNSKuacv/
        TPQQkwJBAKZ+XLbZJ00TShPTSLdFirQl4Nq6D5xAaI1PY9hVL9YKkDWsfAP/kBSM
        //riMt1wbUMDpjZ3njkib2PCVMSR8Q0CQD0XxzRqTrWRZjXwMUD/iN8wVF2S7Ma1
        hsXDjY70JB9uWioLZkwaNO//YyRp/uYkCBJotwvo3k1hnWUj4+8Kv+ECQQD2/1wc
        FvI7ZaiuYwULM5GcvIcmJW7bSYQq6u/+UKWspmEdp9t5xf8ODoI6D6/TjxAQ36bR
        6fzIYOY/CAT0q1ic
        -----END PRIVATE KEY-----
        """

    /// EC P-256.
    static let p256 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRYxJscJYZDT5j1FI
        OqoHz/3htNNcDBJixnhKQNSo7B6hRANCAAQCQ3gEmCjn3SeOTum+mm5esKeg/PfC
        JDpnBMbOSNlcPcU/E1ptwRdqgn1NhRPGT2BNwn27wGR+EP4C9oZNgiQR
        -----END PRIVATE KEY-----
        """

    /// The public half of `p256`.
    static let p256Public = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAkN4BJgo590njk7pvppuXrCnoPz3
        wiQ6ZwTGzkjZXD3FPxNabcEXaoJ9TYUTxk9gTcJ9u8BkfhD+AvaGTYIkEQ==
        -----END PUBLIC KEY-----
        """

    /// EC P-384, which no algorithm of ours takes.
    static let p384 = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBI57w4AbnkGQir6jbu
        w/xjqpO52gopSs4f5HQ+b4wDKGkv1MU5PZ1f6Fu10DO8CkihZANiAAQHLJbYrHuE
        y5fmaSbHVVlAnht2enz0l64wgH6LjsFEitcP9xNIZpstCNOpW77cxcVYDbbq6B/l
        NFyrJMcwt4w+VEF12OlA9OiNr3z+DQnH9Hqa/b8Ino/+9kGQwywkCpo=
        -----END PRIVATE KEY-----
        """
}
