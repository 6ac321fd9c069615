package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/severity"
)

// The parts of SARIF 2.1.0 that GitHub's code scanning reads.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Version        string      `json:"version"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string      `json:"id"`
		ShortDescription     sarifText   `json:"shortDescription"`
		FullDescription      sarifText   `json:"fullDescription"`
		HelpURI              string      `json:"helpUri"`
		Help                 sarifHelp   `json:"help"`
		DefaultConfiguration sarifConfig `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Properties          sarifProperties   `json:"properties"`
	}
	sarifLocation struct {
		ID               *int          `json:"id,omitempty"`
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifProperties struct {
		Application string   `json:"application"`
		Components  []string `json:"components"`
		Expected    string   `json:"expected"`
		Actual      string   `json:"actual"`
		Fix         string   `json:"fix"`
	}
)

const homepage = "https://github.com/goingdark-social/bot"

// sarif is a report for GitHub's code scanning and other tools.
func sarif(report *driftReport) sarifLog {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "bot", InformationURI: homepage, Version: programVersion(), Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}

	for _, c := range report.checks {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: c.ID, ShortDescription: sarifText{c.Title}, FullDescription: sarifText{c.Doc},
			HelpURI: homepage + "/blob/main/docs/checks.md#" + c.ID, Help: sarifHelp{c.Doc, c.Doc},
			DefaultConfiguration: sarifConfig{sarifLevel(c.Severity)},
		})
	}

	for _, f := range report.findings() {
		run.Results = append(run.Results, sarifOf(f, slices.IndexFunc(report.checks, func(c drift.Check) bool { return c.ID == f.Check })))
	}

	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func sarifOf(f drift.Finding, rule int) sarifResult {
	r := sarifResult{
		RuleID: f.Check, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifText{f.Message + ". " + f.Fix},
		Locations:           []sarifLocation{sarifAt(f.Place)},
		PartialFingerprints: map[string]string{"botDrift/v1": fingerprint(f)},
		Properties:          sarifProperties{f.Application, append([]string{}, f.Components...), f.Expected, f.Actual, f.Fix},
	}

	for i, at := range f.Related {
		l := sarifAt(at)
		l.ID = new(i + 1)
		r.RelatedLocations = append(r.RelatedLocations, l)
	}

	return r
}

// fingerprint stays the same when lines move.
func fingerprint(f drift.Finding) string {
	sum := sha256.New()
	for _, part := range []string{f.Application, f.Check, f.File, f.Name, f.Actual} {
		sum.Write([]byte(part + "\x00"))
	}

	return hex.EncodeToString(sum.Sum(nil)[:16])
}

func sarifAt(at drift.Place) sarifLocation {
	l := sarifLocation{PhysicalLocation: sarifPhysical{
		ArtifactLocation: sarifArtifact{URI: (&url.URL{Path: at.File}).String(), URIBaseID: "%SRCROOT%"},
	}}

	if at.Line > 0 {
		l.PhysicalLocation.Region = &sarifRegion{at.Line}
	}

	return l
}

// sarifLevel is SARIF's word for a severity.
func sarifLevel(s severity.Level) string {
	if s == severity.Info {
		return "note"
	}

	return string(s)
}
