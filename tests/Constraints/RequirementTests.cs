using OpenStack.Constraints;

namespace OpenStack.Tests.Constraints;

/// <summary>PEP 508, and the older forms that metadata still has; right is what <c>packaging</c> 26.4 reads.</summary>
public class RequirementTests
{
    [Theory]
    [InlineData("six (>=1.3.0)", "six>=1.3.0")]
    [InlineData("six(>=1,<2)", "six>=1,<2")]
    [InlineData("six ( >=1 , <2 , )", "six>=1,<2")]
    [InlineData("six ()", "six")]
    [InlineData("a[]", "a")]
    [InlineData("a[](>=1)", "a>=1")]
    [InlineData("a [ x , Y_z ] >= 1", "a[x,Y_z]>=1")]
    [InlineData("x>=1.0,", "x>=1.0")]
    [InlineData("x>=1.0 , ;os_name=='posix'", "x>=1.0 ; os_name == 'posix'")]
    [InlineData("foo @ https://x/y;z\t; python_version>'3'", "foo @ https://x/y;z ; python_version > '3'")]
    [InlineData("foo[s3]@git+https://x/y@1", "foo[s3] @ git+https://x/y@1")]
    [InlineData("foo @ https://x/y;os_name=='nt'", "foo @ https://x/y;os_name=='nt'")]
    [InlineData("x===2024.08-weird", "x===2024.08-weird")]
    [InlineData("x==1.*;extra=='Foo.Bar'", "x==1.* ; extra == 'foo-bar'")]
    [InlineData("x;python_implementation=='CPython'", "x ; platform_python_implementation == 'CPython'")]
    public void EveryFormIsRead(string text, string expected) =>
        Assert.Equal(expected, Requirement.TryParse(text, out _)?.ToString());

    [Theory]
    [InlineData("x", false)]
    [InlineData("x; python_version > '3'", false)]
    [InlineData("x; python_version > 'extra'", false)]
    [InlineData("extra; os_name == 'extra'", false)]
    [InlineData("x; extra == 'y'", true)]
    [InlineData("x; 'y' == extra", true)]
    [InlineData("x; python_version > '3' and (os_name == 'nt' or extra == 'y')", true)]
    public void WhatExtrasDecideIsOptional(string text, bool optional) =>
        Assert.Equal(optional, Requirement.TryParse(text, out _)?.IsOptional);

    [Theory]
    [InlineData("", "1: '' is not a requirement")]
    [InlineData("\ufeffsix===1.17.0", "1: there is a character that nobody sees, U+FEFF")]
    [InlineData("six\u200b===1.17.0", "4: there is a character that nobody sees, U+200B")]
    [InlineData("six>=1\u00a0", "7: there is a character that nobody sees, U+00A0")]
    [InlineData("six>=1;os_name=='x'\u00a0", "20: there is a character that nobody sees, U+00A0")]
    [InlineData("six>=1\u000b", "7: there is a character that nobody sees, U+000B")]
    [InlineData("six>=1\u0000", "7: there is a character that nobody sees, U+0000")]
    [InlineData("x>=1.*", "2: '>=' does not compare with a prefix, '1.*'")]
    [InlineData("x>=1.0+local", "2: '>=' does not compare with a local version, '1.0+local'")]
    [InlineData("x==1.0rc1.*", "2: '1.0rc1.*' is a prefix of more than a release")]
    [InlineData("x (>=1", "3: '(>=1' is not closed")]
    [InlineData("x (>=1) <2", "9: '<2' follows the requirement")]
    [InlineData("x>=1,,<2", "6: '' is not a version comparison")]
    [InlineData("x,", "2: '' is not a version comparison")]
    [InlineData("x[a", "2: '[a' are no extras")]
    [InlineData("x[a,]", "2: '[a,]' are no extras")]
    [InlineData("x @", "4: there is no URL of 'x' behind '@'")]
    [InlineData("x @ https://x/y os_name=='nt'", "17: 'os_name=='nt'' follows the requirement")]
    [InlineData("x;", "3: '' is not an environment marker: a variable or a quoted text is missing")]
    [InlineData("x==", "2: '' is not a version")]
    [InlineData("x=1", "2: '=1' is not a version comparison")]
    public void ARefusalSaysWhereAndWhy(string text, string expected)
    {
        Assert.Null(Requirement.TryParse(text, out var problem));
        Assert.Equal(expected, $"{problem!.Column}: {problem.Found}");
    }
}
