package cli

import (
	"time"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/status"
)

func statusContract(all []status.Repository) contract.Status {
	out := contract.NewStatus()

	for _, r := range all {
		one := contract.StatusRepository{Name: r.Name, Branch: r.Branch, Commit: r.Commit, Error: r.Err}

		for _, a := range r.Applications {
			one.Applications = append(one.Applications, statusApplication(a))
		}

		for _, p := range r.Problems {
			one.Problems = append(one.Problems, contract.Problem{File: p.File, Line: p.Line, Message: p.Message})
		}

		out.Repositories = append(out.Repositories, one)
	}

	return out
}

func statusApplication(a status.Application) contract.StatusApplication {
	out := contract.StatusApplication{Name: a.Name, On: a.On, Newest: a.Newest, Error: a.Err}

	for _, r := range a.Rows {
		row := contract.StatusComponent{Component: r.Component, Image: r.Image, Repository: r.Repository, Registry: r.Registry}
		if r.Live {
			row.Cluster = new(contract.List[string](r.Cluster))
		}

		out.Components = append(out.Components, row)
	}

	for _, p := range a.Proposals {
		out.Proposals = append(out.Proposals, contract.Proposal{Track: p.Track, To: p.To, Security: p.Security})
	}

	for _, p := range a.Pulls {
		out.PullRequests = append(out.PullRequests, contract.StatusPullRequest{
			Number: p.Number, URL: p.URL, Track: p.Track, To: p.To, Security: p.Security, Opened: moment(p.Opened),
		})
	}

	for _, h := range a.Held {
		out.Held = append(out.Held, contract.Held{Version: h.Version, Rule: h.Rule, Reason: h.Reason})
	}

	for _, w := range a.Waiting {
		out.Security = append(out.Security, contract.StatusSecurity{Version: w.Version, Since: moment(w.Since), PullRequest: w.Pull})
	}

	for _, f := range a.Findings {
		out.Findings = append(out.Findings, contract.StatusFinding{
			Check: f.Check, Severity: string(f.Severity), File: f.File, Line: f.Line, Message: f.Message,
		})
	}

	if a.Due != nil {
		out.Due = a.Due.Names
	}

	return out
}

// moment is a time as the contract writes it; "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}

	return t.UTC().Format(time.RFC3339)
}
