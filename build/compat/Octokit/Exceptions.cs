#nullable disable
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Octokit;

/// <summary>GitHub's answer is an error; the message is GitHub's own.</summary>
public class ApiException : Exception
{
    public ApiException(IResponse response)
    {
        HttpResponse = response;
        StatusCode = response.StatusCode;
        ApiError = ApiError.Parse(response.Body as string);
    }

    public IResponse HttpResponse { get; private set; }

    public override string Message => ApiErrorMessageSafe ?? "An error occurred with this API request";

    public HttpStatusCode StatusCode { get; private set; }

    public ApiError ApiError { get; private set; }

    protected string ApiErrorMessageSafe => string.IsNullOrWhiteSpace(ApiError?.Message) ? null : ApiError.Message;
}

/// <summary>401.</summary>
public class AuthorizationException : ApiException
{
    public AuthorizationException(IResponse response)
        : base(response)
    {
    }
}

/// <summary>403.</summary>
public class ForbiddenException : ApiException
{
    public ForbiddenException(IResponse response)
        : base(response)
    {
    }

    public override string Message => ApiErrorMessageSafe ?? "Request Forbidden";
}

/// <summary>404.</summary>
public class NotFoundException : ApiException
{
    public NotFoundException(IResponse response)
        : base(response)
    {
    }
}

/// <summary>422.</summary>
public class ApiValidationException : ApiException
{
    public ApiValidationException(IResponse response)
        : base(response)
    {
    }

    public override string Message => ApiErrorMessageSafe ?? "Validation Failed";
}

/// <summary>403: all requests of the hour are used up.</summary>
public class RateLimitExceededException : ForbiddenException
{
    public RateLimitExceededException(IResponse response)
        : base(response)
    {
    }

    public DateTimeOffset Reset => HttpResponse.ApiInfo.RateLimit.Reset;

    public override string Message => ApiErrorMessageSafe ?? "API Rate Limit exceeded";
}

/// <summary>403: too many requests in a short time.</summary>
public class SecondaryRateLimitExceededException : ForbiddenException
{
    public SecondaryRateLimitExceededException(IResponse response)
        : base(response)
    {
    }

    public override string Message => ApiErrorMessageSafe ?? "Secondary API Rate Limit exceeded";
}

/// <summary>403: what <see cref="SecondaryRateLimitExceededException"/> was called before.</summary>
public class AbuseException : ForbiddenException
{
    public AbuseException(IResponse response)
        : base(response) => RetryAfterSeconds = response.Headers.TryGetValue("Retry-After", out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    public int? RetryAfterSeconds { get; private set; }

    public override string Message => ApiErrorMessageSafe ?? "Request Forbidden - Abuse Detection";
}

/// <summary>The body of an error.</summary>
public class ApiError
{
    internal ApiError(string message, IReadOnlyList<ApiErrorDetail> errors) => (Message, Errors) = (message, errors);

    public string Message { get; private set; }

    public IReadOnlyList<ApiErrorDetail> Errors { get; private set; }

    /// <summary>What is no JSON, such as the page of a proxy, is the message.</summary>
    internal static ApiError Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(string.IsNullOrEmpty(body) ? "{}" : body);
            var errors = json.RootElement.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.Object).Select(x => new ApiErrorDetail(x.Text("message"), x.Text("code"), x.Text("field"))).ToList()
                : null;
            return new ApiError(json.RootElement.Text("message"), errors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ApiError(body, null);
        }
    }
}

public class ApiErrorDetail
{
    internal ApiErrorDetail(string message, string code, string field) => (Message, Code, Field) = (message, code, field);

    public string Message { get; private set; }

    public string Code { get; private set; }

    public string Field { get; private set; }
}
