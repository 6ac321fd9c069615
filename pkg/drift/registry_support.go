package drift

import (
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/version"
)

const (
	// endsSoon is how long before the last day of a line it is worth a warning.
	endsSoon = 60 * 24 * time.Hour
	// securityGrace is how long a security release may wait where the policy asks for no longer age.
	securityGrace = 72 * time.Hour
)

func lineUnsupported() Check {
	return Check{
		ID: "line-unsupported", Severity: severity.Error, Title: "a line without fixes, or a security release left waiting",
		Doc: `An error when the line in use gets no more fixes, a warning in the 60 days before. A security release of that line that has been
out for more than three days (or ` + "`minimumAge.patch`" + `, if that is longer) and is not in use is an error: the weakness is public. What
upstream's update check says counts before what the newest known release says of its line.`,
		Needs: Dates,
		find:  findLineUnsupported,
	}
}

func findLineUnsupported(in *Input) []Finding {
	var out []Finding

	for _, v := range in.Application.On {
		if v.Kind() != version.Release && v.Kind() != version.Prerelease {
			continue // a nightly is of no line
		}

		if f, ok := in.ended(v); ok {
			out = append(out, f)
		}

		if f, ok := in.waiting(v); ok {
			out = append(out, f)
		}
	}

	return out
}

// ended says that the line of a version gets no more fixes, or soon none.
func (in *Input) ended(v version.Version) (Finding, bool) {
	line := v.Line().String()

	for _, l := range in.Outside.Support.Lines {
		if l.Line != line {
			continue
		}

		f := in.about(v)
		f.Name, f.Expected = line, "a line that gets fixes"
		f.Fix = "Move to the next line: `bot notes` says what that takes."

		last, err := time.Parse(time.DateOnly, l.Until)

		switch dated := err == nil; {
		case dated && in.Now.After(last.AddDate(0, 0, 1)), !dated && !l.Supported:
			f.Message = fmt.Sprintf("%s gets no more fixes%s (%s)", line, since(l.Until), l.Source)
			f.Actual = line + " is not supported"
		case dated && last.Sub(in.Now) < endsSoon:
			f.Severity = severity.Warning
			f.Message = fmt.Sprintf("%s gets fixes until %s (%s)", line, l.Until, l.Source)
			f.Actual = line + " is supported until " + l.Until
		default:
			return Finding{}, false
		}

		return f, true
	}

	return Finding{}, false
}

func since(day string) string {
	if day == "" {
		return ""
	}

	return " since " + day
}

// waiting finds the oldest security release of the line that should be in use by now.
func (in *Input) waiting(v version.Version) (Finding, bool) {
	grace := max(securityGrace, in.Policy.MinimumAge[config.TrackPatch])

	var (
		found       SecurityRelease
		first, last version.Version
	)

	for _, s := range in.Outside.Support.Security {
		to := version.Parse(s.Version)
		if newer, ok := version.Compare(to, v); !ok || newer <= 0 || to.Line() != v.Line() || s.Released.Add(grace).After(in.Now) {
			continue
		}

		if earlier, _ := version.Compare(to, first); first == (version.Version{}) || earlier < 0 {
			found, first = s, to
		}

		if later, _ := version.Compare(to, last); last == (version.Version{}) || later > 0 {
			last = to
		}
	}

	if first == (version.Version{}) {
		return Finding{}, false
	}

	f := in.about(v)
	f.Name, f.Expected, f.Actual = first.String(), first.String()+" or newer", v.String()
	f.Message = fmt.Sprintf("the security release %s is out%s and %s is in use (%s)", first, outSince(found.Released), v, found.Source)
	f.Fix = "Merge the pull request for the newest of the line, or open it: `bot bump " + last.String() + "`."

	return f, true
}

func outSince(at time.Time) string {
	if at.IsZero() {
		return ""
	}

	return " since " + at.UTC().Format(time.DateOnly)
}

// about is a finding where a version is decided.
func (in *Input) about(v version.Version) Finding {
	for _, u := range in.usages() {
		if version.ParseSuffixed(u.Tag, in.Application.Family.TagSuffix).Equal(v) {
			return u.finding()
		}
	}

	for _, r := range in.References {
		if r.Tag == v.Tag() {
			return Finding{Place: Place{r.File, r.Line}}
		}
	}

	return Finding{}
}
