using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

public sealed class SigningKeysTests
{
    private const string Setting = "A2A:Security:SigningKeys:0 (A2A__Security__SigningKeys__0) ";

    /// <summary>Ways to write the same keys down.</summary>
    private static readonly Dictionary<string, (string Algorithm, string Setting)> Forms = new()
    {
        ["PKCS#8, EC"] = ("ES256", TestKeys.Ec.ExportPkcs8PrivateKeyPem()),
        ["SEC1"] = ("ES256", TestKeys.Ec.ExportECPrivateKeyPem()),
        ["SEC1 as openssl ecparam -genkey writes it"] = ("ES256",
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + TestKeys.Ec.ExportECPrivateKeyPem()),
        ["JWK, EC"] = ("ES256", TestKeys.Jwk(TestKeys.Ec)),
        ["JWK, EC, with its purpose"] = ("ES256", TestKeys.Jwk(TestKeys.Ec, ("alg", "ES256"), ("use", "sig"))),
        ["PKCS#8, RSA"] = ("RS256", TestKeys.Rsa.ExportPkcs8PrivateKeyPem()),
        ["PKCS#1"] = ("RS256", TestKeys.Rsa.ExportRSAPrivateKeyPem()),
        ["JWK, RSA"] = ("RS256", "  " + TestKeys.Jwk(TestKeys.Rsa) + "\n"),
        ["line breaks of an environment variable"] = ("RS256", TestKeys.Rsa.ExportPkcs8PrivateKeyPem()
        .Replace("\n", "\\n", StringComparison.Ordinal)),
        ["line breaks of Windows in one"] = ("ES256", TestKeys.Ec.ExportPkcs8PrivateKeyPem()
        .Replace("\n", "\\r\\n", StringComparison.Ordinal)),
        ["line breaks of Windows"] = ("ES256", TestKeys.Ec.ExportPkcs8PrivateKeyPem().Replace("\n", "\r\n", StringComparison.Ordinal)),
        ["text around it"] = ("ES256", "key of 2026:\n" + TestKeys.Ec.ExportPkcs8PrivateKeyPem() + "\n# the end"),
        ["with the public half before it"] = ("ES256", TestKeys.Ec.ExportSubjectPublicKeyInfoPem() + "\n" +
        TestKeys.Ec.ExportPkcs8PrivateKeyPem()),
    };

    public static TheoryData<string> FormNames { get; } = [.. Forms.Keys];

    [Theory]
    [MemberData(nameof(FormNames))]
    public void AKeyIsReadInEveryForm(string form)
    {
        var (algorithm, setting) = Forms[form];
        var key = new SigningKeys(TestKeys.Signing(setting)).Current!;

        Assert.Equal(algorithm, key.Algorithm);
        var data = "signed"u8.ToArray();
        var signature = key.Sign(data);
        Assert.True(algorithm == "ES256"
            ? TestKeys.Ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : TestKeys.Rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("file:{0}")]
    [InlineData("FILE:{0}")]
    [InlineData("file://{0}")]
    public void AKeyIsReadFromAFile(string setting)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, TestKeys.Ec.ExportECPrivateKeyPem());

            Assert.Equal("ES256", SigningKey.Read(string.Format(null, setting, file)).Algorithm);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void TheSameKeyHasTheSameIdInEveryForm()
    {
        var ids = Forms.Values.GroupBy(form => form.Algorithm, form => SigningKey.Read(form.Setting).Id);

        Assert.All(ids, algorithm => Assert.Single(algorithm.Distinct()));
    }

    /// <summary>RFC 7638, section 3.1.</summary>
    [Fact]
    public void TheIdIsTheThumbprintOfRfc7638()
    {
        const string Modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

        var jwk = PublicJwk.Of(new RSAParameters { Modulus = Base64Url.DecodeFromChars(Modulus), Exponent = [1, 0, 1] });

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", jwk.Thumbprint());
    }

    /// <summary>RFC 7515, appendix A.3: what the example's key signs is verified like the example.</summary>
    [Fact]
    public void TheKeyOfRfc7515Signs()
    {
        const string Jwk =
            """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""";

        var data = "data"u8.ToArray();

        var signature = SigningKey.Read(Jwk).Sign(data);

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
            },
        });
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void AJwksOwnIdIsKept() => Assert.Equal("mine", SigningKey.Read(TestKeys.Jwk(TestKeys.Ec, ("kid", "mine"))).Id);

    [Fact]
    public void NumbersOfAJwkMayHaveMoreOrFewerZerosInFront()
    {
        // A coordinate below 2^248 is written with 31 bytes by some, and RSA's modulus with a zero more by others.
        using var key = WithShortCoordinate();
        var coordinate = key.ExportParameters(includePrivateParameters: false).Q.X!;
        var shorter = Base64Url.EncodeToString(coordinate.AsSpan(1));
        var longer = Base64Url.EncodeToString([0, .. TestKeys.Rsa.ExportParameters(includePrivateParameters: false).Modulus!]);

        Assert.Equal(SigningKey.Read(key.ExportECPrivateKeyPem()).Id, SigningKey.Read(TestKeys.Jwk(key, ("x", shorter))).Id);
        Assert.Equal(
            SigningKey.Read(TestKeys.Rsa.ExportRSAPrivateKeyPem()).Id, SigningKey.Read(TestKeys.Jwk(TestKeys.Rsa, ("n", longer))).Id);
    }

    [Fact]
    public void TheFirstKeySignsAndAllArePublished()
    {
        var keys = new SigningKeys(
            TestKeys.Signing(TestKeys.OtherEc.ExportPkcs8PrivateKeyPem(), TestKeys.Jwk(TestKeys.Rsa), TestKeys.Jwk(TestKeys.Ec)));

        Assert.Equal(SigningKey.Read(TestKeys.Jwk(TestKeys.OtherEc)).Id, keys.Current!.Id);
        using var set = JsonDocument.Parse(keys.WriteKeySet());
        Assert.Equal(
            ["EC", "RSA", "EC"], set.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kty").GetString()));
    }

    [Fact]
    public void WithoutKeysNothingSignsAndTheSetIsEmpty()
    {
        var keys = new SigningKeys(TestKeys.Signing());

        Assert.Null(keys.Current);
        Assert.Equal("""{"keys":[]}""", Encoding.UTF8.GetString(keys.WriteKeySet().Span));
    }

    /// <summary>What is no key for us, and what is told about it.</summary>
    private static readonly Dictionary<string, (string Setting, string Told)> Faulty = new()
    {
        ["nothing"] = ("", "is empty"),
        ["white space"] = ("  \n", "is empty"),
        ["neither"] = ("SECRET", "is neither PEM nor a JWK"),
        ["relative path"] = ("file:SECRET", "names a file without an absolute path"),
        ["missing file"] = ("file:/nowhere/key.pem", "names the file /nowhere/key.pem, which cannot be read (DirectoryNotFoundException)"),
        ["a folder"] = ("file:" + Path.GetTempPath(), "which cannot be read"),
        ["cut PEM"] = ("-----BEGIN PRIVATE KEY-----\nSECRET", "is a damaged or truncated key"),
        ["damaged PKCS#8"] = ("-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----", "is a damaged or truncated key"),
        ["damaged SEC1"] = ("-----BEGIN EC PRIVATE KEY-----\nU0VDUkVU\n-----END EC PRIVATE KEY-----", "is a damaged or truncated key"),
        ["damaged PKCS#1"] = ("-----BEGIN RSA PRIVATE KEY-----\nU0VDUkVU\n-----END RSA PRIVATE KEY-----", "is a damaged or truncated key"),
        ["OpenSSH"] = ("-----BEGIN OPENSSH PRIVATE KEY-----\nU0VDUkVU\n-----END OPENSSH PRIVATE KEY-----",
        "is not a key for ES256 or RS256"),
        ["passphrase"] = (
        TestKeys.Ec.ExportEncryptedPkcs8PrivateKeyPem("SECRET",
        new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)), "encrypted with a passphrase"),
        ["public EC"] = (TestKeys.Ec.ExportSubjectPublicKeyInfoPem(), "is only a public key"),
        ["public RSA"] = (TestKeys.Rsa.ExportRSAPublicKeyPem(), "is only a public key"),
        ["P-384"] = (Pem(ECCurve.NamedCurves.nistP384), "another curve than P-256"),
        ["secp256k1"] = (Pem(ECCurve.CreateFromValue("1.3.132.0.10")), "another curve than P-256"),
        ["RSA 1024"] = (SmallRsa(), "is an RSA key of 1024 bits"),
        ["Ed25519"] = (
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----",
        "is not a key for ES256 or RS256"),
        ["cut JSON"] = ("{", "is a damaged or truncated key"),
        ["empty JSON"] = ("{}", "is not a key for ES256 or RS256"),
        ["half of a character"] = ("""{"kty":"EC","crv":"\ud800"}""", "is a damaged or truncated key"),
        ["name that is half of a character"] = ("""{"\ud800":"SECRET"}""", "is a damaged or truncated key"),
        ["symmetric"] = ("""{"kty":"oct","k":"U0VDUkVU"}""", "is not a key for ES256 or RS256"),
        ["kty is a number"] = ("""{"kty":1}""", "is not a key for ES256 or RS256"),
        ["key set"] = ("""{"keys":[{"kty":"EC"}]}""", "is a set of keys"),
        ["JWK P-384"] = (TestKeys.Jwk(TestKeys.Ec, ("crv", "P-384")), "is not a key for ES256 or RS256"),
        ["JWK public EC"] = (TestKeys.Jwk(TestKeys.Ec, ("d", null)), "is only a public key"),
        ["JWK without x"] = (TestKeys.Jwk(TestKeys.Ec, ("x", null)), "without the member x"),
        ["JWK not base64"] = (TestKeys.Jwk(TestKeys.Ec, ("x", "SECRET!")), "is a damaged or truncated key"),
        ["JWK other d"] = (TestKeys.Jwk(TestKeys.Ec, ("d", new string('A', 42) + "E")), "is a damaged or truncated key"),
        ["JWK long d"] = (TestKeys.Jwk(TestKeys.Ec, ("d", new string('_', 60))), "is a damaged or truncated key"),
        ["JWK ES384"] = (TestKeys.Jwk(TestKeys.Ec, ("alg", "ES384")), "whose alg is not ES256"),
        ["JWK for encryption"] = (TestKeys.Jwk(TestKeys.Ec, ("use", "enc")), "whose use is not sig"),
        ["JWK PS256"] = (TestKeys.Jwk(TestKeys.Rsa, ("alg", "PS256")), "whose alg is not RS256"),
        ["JWK public RSA"] = (TestKeys.Jwk(TestKeys.Rsa, ("d", null)), "is only a public key"),
        ["JWK without qi"] = (TestKeys.Jwk(TestKeys.Rsa, ("qi", null)), "without the member qi"),
        ["JWK n of zero"] = (TestKeys.Jwk(TestKeys.Rsa, ("n", "AAAA")), "is a damaged or truncated key"),
        ["JWK other e"] = (TestKeys.Jwk(TestKeys.Rsa, ("e", "AQAD")), "is a damaged or truncated key"),
    };

    public static TheoryData<string> FaultyNames { get; } = [.. Faulty.Keys];

    [Theory]
    [MemberData(nameof(FaultyNames))]
    public void WhatIsNoKeyIsToldByItsSettingAndWithoutItself(string name)
    {
        var (setting, told) = Faulty[name];
        var options = TestKeys.With([setting], []);

        var fault = Assert.Single(options.Validate());

        Assert.StartsWith(Setting, fault, StringComparison.Ordinal);
        Assert.Contains(told, fault, StringComparison.Ordinal);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
        Assert.Matches(": (set|mount|put) ", fault);
        Assert.DoesNotContain("SECRET", fault, StringComparison.Ordinal);
        var thrown = Assert.Throws<OptionsValidationException>(() => new SigningKeys(Options.Create(options)));
        Assert.Equal([fault], thrown.Failures);
    }

    [Fact]
    public void AllBadKeysAreToldAtOnce()
    {
        var faults = TestKeys.With(["one", TestKeys.Jwk(TestKeys.Ec), "two"], ["three"]).Validate().ToList();

        Assert.Equal(3, faults.Count);
        Assert.Contains("SigningKeys__0)", faults[0], StringComparison.Ordinal);
        Assert.Contains("SigningKeys__2)", faults[1], StringComparison.Ordinal);
        Assert.Contains("EncryptionKeys__0)", faults[2], StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameKeyTwiceIsToldAndSoAreTwoKeysOfOneId()
    {
        var twice = TestKeys.With([TestKeys.Jwk(TestKeys.Ec), TestKeys.Ec.ExportECPrivateKeyPem()], []);
        var sameId = TestKeys.With([TestKeys.Jwk(TestKeys.Ec, ("kid", "k")), TestKeys.Jwk(TestKeys.OtherEc, ("kid", "k"))], []);

        Assert.Contains("SigningKeys__1) has the id ", Assert.Single(twice.Validate()), StringComparison.Ordinal);
        Assert.Contains("SigningKeys__1) has the id k, like an earlier key", Assert.Single(sameId.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void GoodKeysAreNoFault() =>
        Assert.Empty(
            TestKeys.With([TestKeys.Jwk(TestKeys.Ec), TestKeys.Jwk(TestKeys.Rsa)], [TestKeys.Encryption(1), TestKeys.Encryption(2)])
            .Validate());

    private static string Pem(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string SmallRsa()
    {
        using var key = RSA.Create(1024);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>One in 256 is.</summary>
    private static ECDsa WithShortCoordinate()
    {
        while (true)
        {
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (key.ExportParameters(includePrivateParameters: false).Q.X![0] == 0)
                return key;
            key.Dispose();
        }
    }
}
