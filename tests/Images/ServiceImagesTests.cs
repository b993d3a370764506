using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Images;

public sealed class ServiceImagesTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("graph-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task EachImageIsMadeOfATargetOfItsOwn()
    {
        var targets = Graph(
            ImageOf("nova", new("/bin/bash", ["/var/lib/nova/instances"])), ImageOf("placement", ImageData.Default));
        string TextOf(string image) => File.ReadAllText(RepositoryRoot.Path / "images" / image / "Dockerfile");
        foreach (var service in (string[])["nova", "placement"])
            Assert.Equal($"{TextOf("service")}\n{TextOf(service)}", targets[$"{service}-2025_1"].DockerfileInline);
        // What the Dockerfiles say is their own business.
        var graph = targets.ToDictionary(x => x.Key, x => x.Key == "wheelhouse" ? x.Value
            : x.Value with { DockerfileInline = null });
        await Verify(BakeFile.ToJson(graph).Replace(_directory, "/graph", StringComparison.Ordinal)
            .Replace(RepositoryRoot.Path, "/repository", StringComparison.Ordinal));
    }

    /// <summary>
    /// A session that one target has of another ends with that (docker/buildx#4063): the layers of the base would be
    /// lost while the image is exported.
    /// </summary>
    [Fact]
    public void NoImageIsMadeOfAnotherTargetThanTheWheelhouse() => Assert.All(
        Graph(ImageOf("nova", ImageData.Default), ImageOf("placement", ImageData.Default)).Values
            .SelectMany(x => x.Contexts),
        x => Assert.True(x.Key == ImageSettings.Wheelhouse
            || !x.Value.StartsWith("target:", StringComparison.Ordinal)));

    [Fact]
    public void WhatTheSharedPartLacksIsSaidBeforeTheBuild()
    {
        var image = ImageOf("nova", ImageData.Default);
        File.Delete(image.DependenciesDirectory / "dependencies.txt");
        Assert.Contains("The named context 'closure' lacks dependencies.txt",
            Assert.Throws<ProblemException>(() => Graph(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BothDockerfilesAreInputs()
    {
        AbsolutePath images = _directory / "images";
        foreach (var file in (string[])["service/Dockerfile", "nova/Dockerfile", "nova/contract.yaml", "scripts/x"])
        {
            Directory.CreateDirectory((images / file).Parent!);
            File.WriteAllText(images / file, "FROM scratch\n");
        }

        var layout = Layout("base");
        string Inputs() => ImageOf("nova", ImageData.Default)
            .StageOf(new ImageSettings(images, "linux/amd64", "example.org/x"), layout, "sha256:0").Inputs
            .ToJson();
        var first = Inputs();
        File.AppendAllText(images / "nova" / "contract.yaml", "# what it must be changes nothing of what it is\n");
        Assert.Equal(first, Inputs());
        File.AppendAllText(images / "service" / "Dockerfile", "# shared\n");
        var second = Inputs();
        Assert.NotEqual(first, second);
        File.AppendAllText(images / "nova" / "Dockerfile", "# own\n");
        Assert.NotEqual(second, Inputs());
    }

    /// <summary>What its own Dockerfile builds from: its tree, and those that it names besides.</summary>
    [Fact]
    public void ANativeImageIsBuiltFromTreesAndNoWheels()
    {
        foreach (var name in (string[])["ovn", "ovs"]) Directory.CreateDirectory(_directory / name);
        var image = new NativeImage("ovn", "2025.1", "25.03.3", new string('a', 40), "https://github.com/ovn-org/ovn",
            DateTimeOffset.UnixEpoch.AddYears(50), _directory / "ovn", "sha256:0")
        {
            Directory = _directory / "out",
            AptPackages = ["iproute2"],
            BuildPackages = ["autoconf"],
            Trees = [new NativeTree("ovs", "3.5.3", "https://github.com/openvswitch/ovs", _directory / "ovs",
                "sha256:1")],
        };
        var target = Graph(image).Values.Single();
        Assert.Equal(["ovs", "python-base", "scripts", "source", "venv-builder"],
            target.Contexts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("autoconf", target.Args["BUILD_PACKAGES"]);
        Assert.Contains("FROM builder AS installed", target.DockerfileInline, StringComparison.Ordinal);
        string Inputs(NativeImage of) => of.StageOf(new ImageSettings(RepositoryRoot.Path / "images", "linux/amd64",
            "example.org/x"), Layout("base"), "sha256:0").Inputs.ToJson();
        Assert.NotEqual(Inputs(image), Inputs(image with { Trees = [image.Trees[0] with { Digest = "sha256:2" }] }));
        Assert.NotEqual(Inputs(image), Inputs(image with { BuildPackages = [] }));
    }

    IReadOnlyDictionary<string, BakeTarget> Graph(params ServiceImage[] images)
    {
        var settings = new ImageSettings(RepositoryRoot.Path / "images", "linux/amd64", "example.org/x")
        {
            Network = "host",
        };
        return new ServiceImages(settings, new BaseImages(settings, _directory / "base"))
            .Graph([.. images.Select(x => (x, (AbsolutePath)(_directory / "out" / x.Service)))],
                Layout(BaseImages.PythonBase), Layout(BaseImages.VenvBuilder));
    }

    PythonImage ImageOf(string service, ImageData data)
    {
        var (source, constraints, wheelhouse) = (_directory / service / "source", _directory / service / "constraints",
            _directory / "wheelhouse");
        Directory.CreateDirectory(source / ".git");
        Directory.CreateDirectory(constraints);
        Directory.CreateDirectory(wheelhouse);
        File.WriteAllText(constraints / "constraints.txt", "");
        var image = new PythonImage(service, "2025.1", "1.0.0", new string('a', 40), $"https://example.org/{service}",
            DateTimeOffset.UnixEpoch.AddYears(50), service, source, "sha256:0", constraints)
        {
            Directory = _directory / service,
            PipExtras = [],
            PipPackages = ["uwsgi"],
            AptPackages = ["udev"],
            Data = data,
            Wheelhouse = wheelhouse,
        };
        Directory.CreateDirectory(image.DependenciesDirectory / "wheels");
        File.WriteAllText(image.DependenciesDirectory / "dependencies.txt", "");
        Directory.CreateDirectory(image.ClosureDirectory / "wheel");
        return image;
    }

    /// <summary>As little of a layout as a graph asks for.</summary>
    OciLayout Layout(string name)
    {
        var directory = _directory / name;
        Directory.CreateDirectory(directory / "blobs" / "sha256");
        var config = Blob(new JsonObject
        {
            ["created"] = "2025-01-01T00:00:00Z",
            ["rootfs"] = new JsonObject { ["diff_ids"] = new JsonArray() },
        });
        var manifest = Blob(new JsonObject
        {
            ["config"] = new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.config.v1+json",
                ["digest"] = config,
                ["size"] = 1,
            },
            ["layers"] = new JsonArray(),
        });
        File.WriteAllText(directory / "index.json", new JsonObject
        {
            ["manifests"] = new JsonArray(new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["digest"] = manifest,
                ["size"] = 1,
            }),
        }.ToJsonString());
        return OciLayout.Open(directory);

        string Blob(JsonObject json)
        {
            var digest = Digest.OfText(json.ToJsonString());
            File.WriteAllText(directory / "blobs" / digest.Replace(':', '/'), json.ToJsonString());
            return digest;
        }
    }
}
