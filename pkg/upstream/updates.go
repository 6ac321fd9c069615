package upstream

import (
	"context"
	"fmt"
	"net/url"

	"github.com/goingdark-social/bot/pkg/version"
)

// Updates is what upstream's update check answers for one version.
type Updates struct {
	// Version that was asked about.
	Version version.Version
	// EndOfSupport is the last day of the version's line, 2006-01-02; empty when none is set or the service does not
	// say (it began to in 2026).
	EndOfSupport string
	// Available are the newer releases that the service recommends.
	Available []Update
}

// Update is one release that the service recommends.
type Update struct {
	Version version.Version
	// Urgent: upstream wants every server to install it now.
	Urgent bool
	// Type is patch, minor or major.
	Type         string
	ReleaseNotes string
	EndOfSupport string
}

// Updates asks which updates there are for a version. Nightlies are no versions to the service.
func (a *Advisories) Updates(ctx context.Context, v version.Version) (Updates, error) {
	u, err := url.Parse(a.o.UpdateURL)
	if err != nil {
		return Updates{}, fmt.Errorf("address of the update check: %w", err)
	}
	query := u.Query()
	query.Set("version", trimV(v.String()))
	u.RawQuery = query.Encode()
	var answer struct {
		CurrentVersion struct {
			EndOfSupport string `json:"endOfSupport"`
		} `json:"currentVersion"`
		UpdatesAvailable []struct {
			Version      string `json:"version"`
			Urgent       bool   `json:"urgent"`
			Type         string `json:"type"`
			ReleaseNotes string `json:"releaseNotes"`
			EndOfSupport string `json:"endOfSupport"`
		} `json:"updatesAvailable"`
	}
	if _, err := a.get(ctx, u, "", &answer); err != nil {
		return Updates{}, err
	}
	out := Updates{Version: v, EndOfSupport: date(answer.CurrentVersion.EndOfSupport), Available: []Update{}}
	for _, n := range answer.UpdatesAvailable {
		out.Available = append(out.Available, Update{
			Version: version.Parse(n.Version), Urgent: n.Urgent, Type: n.Type, ReleaseNotes: n.ReleaseNotes,
			EndOfSupport: date(n.EndOfSupport),
		})
	}
	return out, nil
}

func trimV(v string) string {
	if v != "" && v[0] == 'v' {
		return v[1:]
	}
	return v
}
