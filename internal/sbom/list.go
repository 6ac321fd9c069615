package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// bom is the part of CycloneDX 1.6 that is written.
// See https://cyclonedx.org/docs/1.6/json/.
type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	Purl       string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
	Hashes     []hash     `json:"hashes,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// list is the document of a program.
func list(info *debug.BuildInfo) (bom, error) {
	if info.Main.Path == "" {
		return bom{}, errors.New("it does not say which module it is of")
	}

	main := component{Type: "application", Name: info.Main.Path, Version: known(info.Main.Version)}
	main.Purl = purl(main.Name, main.Version)
	main.Ref = main.Purl

	for _, s := range info.Settings {
		if settled(s.Key) && s.Value != "" {
			main.Properties = append(main.Properties, property{"go:build:" + s.Key, s.Value})
		}
	}

	out := bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: metadata{main}, Components: []component{standard(info.GoVersion)},
	}

	for _, m := range info.Deps {
		c, err := module(m)
		if err != nil {
			return bom{}, err
		}

		out.Components = append(out.Components, c)
	}

	all := dependency{Ref: main.Ref}
	for _, c := range out.Components {
		all.On = append(all.On, c.Ref)
	}

	out.Dependencies = []dependency{all}

	return out, nil
}

// settled tells the settings of a build that say what it is for. Others, as the
// folder it was built in, differ from machine to machine.
func settled(key string) bool {
	switch key {
	case "GOOS", "GOARCH", "GOAMD64", "GOARM64", "CGO_ENABLED", "vcs.revision", "-tags":
		return true
	}

	return false
}

// module is a module that is linked in. One that was replaced is what it was
// replaced by.
func module(m *debug.Module) (component, error) {
	if m.Replace != nil {
		m = m.Replace
	}

	c := component{Type: "library", Name: m.Path, Version: m.Version, Purl: purl(m.Path, m.Version)}
	c.Ref = c.Purl

	// go.sum's hash of all files: h1: is SHA-256 over their names and hashes, not
	// over an archive. So it is there in go.sum's own spelling, too.
	encoded, ok := strings.CutPrefix(m.Sum, "h1:")
	if !ok {
		return c, fmt.Errorf("%s has no hash in go.sum", m.Path)
	}

	sum, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return c, fmt.Errorf("the hash of %s: %w", m.Path, err)
	}

	c.Hashes = []hash{{"SHA-256", hex.EncodeToString(sum)}}
	c.Properties = []property{{"go:sum", m.Sum}}

	return c, nil
}

// standard is the standard library, which known vulnerabilities are in as well.
func standard(version string) component {
	version, _, _ = strings.Cut(version, " ") // experiments stand behind it
	c := component{Type: "library", Name: "stdlib", Version: version, Purl: purl("stdlib", strings.TrimPrefix(version, "go"))}
	c.Ref = c.Purl

	return c
}

// known is a version that says something.
func known(version string) string {
	if version == "(devel)" {
		return ""
	}

	return version
}

// purl is the name that databases of vulnerabilities know a module by.
func purl(path, version string) string {
	if version == "" {
		return "pkg:golang/" + path
	}

	return "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
}
