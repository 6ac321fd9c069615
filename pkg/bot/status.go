package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/version"
)

// Status is what is known of a repository after a pass: its result, which may
// be nil, and the error it ended with.
func Status(r config.Repository, result *Result, err error, at time.Time) status.Repository {
	out := status.Repository{Name: r.Name, Branch: r.Branch, At: at, Applications: []status.Application{}}

	if result == nil {
		if err != nil {
			out.Err = err.Error()
		}

		return out
	}

	out.Name, out.URL, out.Branch, out.Commit = result.Repository, result.URL, result.Branch, result.Commit

	for _, p := range result.Problems {
		out.Problems = append(out.Problems, status.Problem{File: p.File, Line: p.Line, Message: p.Message})
	}

	for _, a := range result.Applications {
		out.Applications = append(out.Applications, a.status(result.References))
	}

	if len(out.Applications) == 0 && err != nil {
		out.Err = err.Error()
	}

	return out
}

func (a *ApplicationResult) status(references []patch.Reference) status.Application {
	out := status.Application{Name: a.Name}

	if a.Err != nil {
		out.Err = a.Err.Error()
	}

	if a.Due != nil {
		out.Due = &status.Due{From: a.Due.From, To: a.Due.To, Names: a.Due.Names, Since: a.Due.Since, Pull: a.Due.PullRequest}
	}

	if o := a.Outlook; o != nil {
		o.status(&out, references)
	}

	a.findings(&out)
	a.rollout(&out)
	a.proposals(&out)
	a.pulls(&out)
	a.wait(&out)

	return out
}

// status fills in what the tree, the registry and the decision say.
func (o *Outlook) status(out *status.Application, references []patch.Reference) {
	out.Roots, out.On, out.Mixed = o.Application.Roots, tagsOf(o.Application.On), o.Application.Mixed
	out.Blocked = o.Decision.Blocked
	out.Newest = o.newest(func(v version.Version) bool { return len(o.Missing[v.String()]) == 0 })

	for _, h := range o.Decision.Held {
		out.Held = append(out.Held, status.Held{Version: h.Version.String(), Rule: string(h.Rule), Reason: h.Reason, Security: h.Security})
	}

	out.Rows = o.rows(references)
}

// newest is the highest version of the channel that fits; "": there is none.
func (o *Outlook) newest(fits func(version.Version) bool) string {
	for _, v := range slices.Backward(o.Listed) {
		if v.Fixed() && o.Policy.Channel.Admits(v) && fits(v) {
			return v.String()
		}
	}

	return ""
}

// rows is the version matrix: a row for each component and image.
func (o *Outlook) rows(references []patch.Reference) []status.Row {
	var rows []status.Row

	for _, component := range []patch.Component{patch.Web, patch.Sidekiq, patch.Streaming, patch.Migrate, patch.Job} {
		first := len(rows)

		for _, r := range references {
			if r.Application != o.Application.Name || !slices.Contains(r.Components, component) || r.Tag+r.Digest == "" {
				continue
			}

			i := slices.IndexFunc(rows[first:], func(row status.Row) bool { return row.Image == r.Image }) + first
			if i < first {
				i = len(rows)
				rows = append(rows, status.Row{Component: string(component), Image: r.Image, Registry: o.newestOf(r.Image)})
			}

			rows[i].Repository = insert(rows[i].Repository, named(r))
		}
	}

	return rows
}

// newestOf is the newest release of the channel that an image has.
func (o *Outlook) newestOf(image string) string {
	return o.newest(func(v version.Version) bool {
		for _, lacks := range o.Missing[v.String()] {
			if lacks.Image == image {
				return false
			}
		}

		return true
	})
}

// named is the version that a reference names, as it stands.
func named(r patch.Reference) string {
	if v := r.Version(); r.Tag == "" && v.Tag() != "" {
		return v.Tag()
	}

	if r.Tag == "" {
		return r.Digest
	}

	return r.Tag
}

func insert(sorted []string, s string) []string {
	i, found := slices.BinarySearch(sorted, s)
	if found {
		return sorted
	}

	return slices.Insert(sorted, i, s)
}

func (a *ApplicationResult) proposals(out *status.Application) {
	if a.Outlook == nil {
		return
	}

	for _, p := range a.Outlook.Decision.Proposals {
		proposal := status.Proposal{Track: p.Track, To: p.To.String(), Security: p.Security, Why: p.Why}

		if made := a.made(p); made != nil && made.Change != nil {
			proposal.Security = made.Change.Security
			proposal.Verdict = string(made.Change.Notes.Verdict)
			proposal.Notes = made.Change.Notes.Markdown(gh.Inert)
		}

		out.Proposals = append(out.Proposals, proposal)
	}
}

// made is what became of a proposal; nil when nothing did.
func (a *ApplicationResult) made(p plan.Proposal) *Proposed {
	i := slices.IndexFunc(a.Proposed, func(m Proposed) bool { return m.Track == p.Track && m.Change.To.Equal(p.To) })
	if i < 0 {
		return nil
	}

	return &a.Proposed[i]
}

// stillOpen are the pull requests that are open after a pass: those that there
// were and stay, and those that it opened.
func stillOpen(prs []gh.PullRequest, proposed []Proposed) []gh.PullRequest {
	var open []gh.PullRequest

	for _, p := range proposed {
		if p.PullRequest.Number != 0 && p.Action != Merged {
			open = append(open, p.PullRequest)
		}
	}

	for _, pr := range prs {
		known := slices.ContainsFunc(open, func(o gh.PullRequest) bool { return o.Number == pr.Number })
		if pr.State == "open" && !known {
			open = append(open, pr)
		}
	}

	return open
}

// pulls are the open pull requests, the lowest number first.
func (a *ApplicationResult) pulls(out *status.Application) {
	for _, pr := range a.Open {
		out.Pulls = append(out.Pulls, a.pull(pr))
	}

	slices.SortFunc(out.Pulls, func(x, y status.Pull) int { return x.Number - y.Number })
}

func (a *ApplicationResult) pull(pr gh.PullRequest) status.Pull {
	out := status.Pull{
		Number: pr.Number, URL: pr.URL, Title: pr.Title, Draft: pr.Draft, Opened: pr.CreatedAt,
		Track: pr.Marker.Track, From: pr.Marker.From, To: pr.Marker.To,
		Security: slices.ContainsFunc(pr.Labels, func(l string) bool { return strings.EqualFold(l, "security") }),
	}

	for _, p := range a.Proposed {
		if p.PullRequest.Number != pr.Number {
			continue
		}

		out.Security, out.Waits = p.Change.Security, p.Waits
		if p.Action == Left {
			out.Left = p.Why
		}
	}

	return out
}

// wait lists the security releases of the line in use that are out and not in
// use.
func (a *ApplicationResult) wait(out *status.Application) {
	if a.Outlook == nil {
		return
	}

	for _, s := range a.Outlook.Security {
		w := status.Waiting{Version: s.Version.String(), Since: s.Since}

		for _, pr := range out.Pulls {
			if to := version.Parse(pr.To); w.Pull == 0 && atLeast(to, s.Version) {
				w.Pull = pr.Number
			}
		}

		out.Waiting = append(out.Waiting, w)
	}

	slices.SortStableFunc(out.Waiting, func(x, y status.Waiting) int { return x.Since.Compare(y.Since) })
}

func atLeast(v, least version.Version) bool {
	order, ok := version.Compare(v, least)

	return ok && order >= 0
}

// findings are what drift found.
func (a *ApplicationResult) findings(out *status.Application) {
	out.Judged = a.Judged

	for _, f := range a.Findings {
		out.Findings = append(out.Findings, status.Finding{
			Check: f.Check, Severity: f.Severity, File: f.File, Line: f.Line, Message: f.Message, Fix: f.Fix,
		})
	}
}
