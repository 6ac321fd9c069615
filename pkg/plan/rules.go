package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/goingdark-social/bot/pkg/version"
)

// Rule names why a newer release is not proposed. The names are part of the
// JSON contract.
type Rule string

// The rules in the order in which they are asked.
const (
	Channel       Rule = "channel"         // the channel does not follow this kind of version
	OneLine       Rule = "one-line"        // a line between has to be deployed first
	TrackOff      Rule = "track-off"       // the policy does not follow this track
	NotAllowed    Rule = "not-allowed"     // outside of the policy's allow
	Ignored       Rule = "ignored"         // named in the policy's ignore, or by command
	Declined      Rule = "declined"        // a person closed its pull request
	Frozen        Rule = "frozen"          // the policy's freeze
	Superseded    Rule = "superseded"      // a newer one of the same track is proposed
	Incomplete    Rule = "incomplete"      // an image or platform does not exist yet
	Contradiction Rule = "contradiction"   // its images do not belong together
	LosesFixes    Rule = "loses-fixes"     // it lacks fixes that are in use, and another release has them
	TooYoung      Rule = "minimum-age"     // younger than the policy's minimum age
	After         Rule = "after"           // another application has not run it for long enough
	Window        Rule = "outside-windows" // no pull request may be opened now
	Limited       Rule = "limit"           // as many pull requests are open as the policy allows
)

// rule holds a release back when holds gives a reason.
type rule struct {
	id    Rule
	holds func(j *judge, r Release) (reason string)
}

var earlyRules = []rule{
	{Channel, (*judge).offChannel},
	{OneLine, (*judge).skipsLine},
	{TrackOff, (*judge).offTrack},
	{NotAllowed, (*judge).notAllowed},
	{Ignored, (*judge).ignored},
	{Declined, (*judge).declined},
	{Frozen, (*judge).frozen},
}

var lateRules = []rule{
	{Incomplete, (*judge).incomplete},
	{Contradiction, (*judge).contradiction},
	{LosesFixes, (*judge).losesFixes},
	{TooYoung, (*judge).tooYoung},
	{After, (*judge).after},
	{Window, (*judge).outsideWindow},
	{Limited, (*judge).limited},
}

// LateRules are those that need a release looked at.
func LateRules() []Rule {
	var ids []Rule
	for _, r := range lateRules {
		ids = append(ids, r.id)
	}

	return ids
}

func (j *judge) offChannel(r Release) string {
	if j.Policy.Channel.Admits(r.Version) {
		return ""
	}

	return fmt.Sprintf("channel %s does not follow it", j.Policy.Channel)
}

func (j *judge) skipsLine(r Release) string {
	if !j.hasNext || r.Version.Line().Compare(j.next) <= 0 {
		return ""
	}

	return fmt.Sprintf("%s is deployed first: Mastodon asks for a release of every line", j.next)
}

func (j *judge) offTrack(r Release) string {
	track := j.track(r)
	if slices.Contains(j.Policy.Tracks, track) {
		return ""
	}

	return fmt.Sprintf("track %s is not among the policy's tracks", track)
}

func (j *judge) notAllowed(r Release) string {
	if j.Policy.Allow.Contains(r.Version) {
		return ""
	}

	return fmt.Sprintf("the policy allows %s", j.Policy.Allow)
}

func (j *judge) ignored(r Release) string {
	switch {
	case contains(j.Policy.Ignore, r.Version):
		return "the policy ignores it"
	case contains(j.Ignored, r.Version):
		return "a command told to ignore it"
	}

	return ""
}

// declined holds what a person said no to, and what is older on the same track:
// who closes the newest does not ask for the one before.
func (j *judge) declined(r Release) string {
	if contains(j.Open, r.Version) {
		return ""
	}

	if contains(j.Declined, r.Version) {
		return "a person closed its pull request; reopen that, or `bot bump` it"
	}

	for _, no := range j.Declined {
		if j.track(Release{Version: no}) == j.track(r) && atLeast(no, r.Version) && atLeast(no, j.current) {
			return fmt.Sprintf("a person closed the pull request of %s, which is newer; `bot bump` asks for this one", no)
		}
	}

	return ""
}

func (j *judge) frozen(Release) string {
	freeze := j.Policy.Freeze
	if freeze == nil || !j.Now.Before(freeze.Until) {
		return ""
	}

	reason := "frozen until " + freeze.Until.Format(time.DateOnly)
	if freeze.Reason != "" {
		reason += ": " + freeze.Reason
	}

	return reason
}

func (j *judge) incomplete(r Release) string {
	if len(r.Missing) == 0 {
		return ""
	}

	return "missing " + strings.Join(r.Missing, ", ")
}

func (j *judge) contradiction(r Release) string {
	return r.Contradiction
}

// losesFixes prefers the release of a line that takes no fix away over one that
// does. Where every release of the line does, it is proposed all the same, and
// the notes say what is lost.
func (j *judge) losesFixes(r Release) string {
	if len(r.Loses) == 0 {
		return ""
	}

	for _, other := range j.Releases {
		if other.Version.Line() == r.Version.Line() && len(other.Loses) == 0 && j.Policy.Channel.Admits(other.Version) &&
			atLeast(other.Version, r.Version) {
			return fmt.Sprintf("it lacks the fixes of %s, which %s has", strings.Join(r.Loses, ", "), other.Version)
		}
	}

	return ""
}

// tooYoung measures from the build time of the youngest image. A security
// release does not wait, nor does one already in use.
func (j *judge) tooYoung(r Release) string {
	least := j.Policy.MinimumAge[j.track(r)]
	if r.Security || least == 0 || r.Version.Equal(j.current) {
		return ""
	}

	if r.Built.IsZero() {
		return "its build time is unknown and the policy asks for an age of " + hours(least)
	}

	if old := r.Built.Add(least); j.Now.Before(old) {
		return fmt.Sprintf("built %s; the policy waits %s, until %s",
			r.Built.UTC().Format("2006-01-02 15:04"), hours(least), old.UTC().Format("2006-01-02 15:04 MST"))
	}

	return ""
}

func (j *judge) after(r Release) string {
	after := j.Policy.After
	if after == nil {
		return ""
	}

	if j.Before == nil {
		return fmt.Sprintf("it waits for application %s, of which nothing is known yet", after.Application)
	}

	if !slices.ContainsFunc(j.Before.On, func(v version.Version) bool { return atLeast(v, r.Version) }) {
		return fmt.Sprintf("application %s does not run it yet", after.Application)
	}

	if j.Before.Rolling {
		return fmt.Sprintf("application %s is still rolling it out", after.Application)
	}

	if j.Before.Since.IsZero() {
		return fmt.Sprintf("it is not known yet since when application %s has run it", after.Application)
	}

	if until := j.Before.Since.Add(after.For); j.Now.Before(until) {
		return fmt.Sprintf("application %s has to run it until %s", after.Application, until.UTC().Format("2006-01-02 15:04 MST"))
	}

	return ""
}

// outsideWindow reads the policy's cron expression in the time zone of Now:
// the window opens at each of its times and stays open for an hour.
func (j *judge) outsideWindow(r Release) string {
	open := j.Policy.Windows.Open
	if open == "" || contains(j.Open, r.Version) {
		return ""
	}

	schedule, err := cron.ParseStandard(open)
	if err != nil {
		return fmt.Sprintf("the window %q cannot be read: %v", open, err)
	}

	if !schedule.Next(j.Now.Add(-time.Hour)).After(j.Now) {
		return ""
	}

	return "pull requests open again " + schedule.Next(j.Now).Format("2006-01-02 15:04 MST")
}

// limited holds what would be one pull request too many.
func (j *judge) limited(r Release) string {
	if j.Limit == 0 || j.exempt(r) || j.opened < j.Room {
		return ""
	}

	return fmt.Sprintf("the policy allows %d open pull requests, and there are as many", j.Limit)
}

// exempt tells what the limit does not hold: a security release, and what the
// open pull request of its track moves on to.
func (j *judge) exempt(r Release) bool { return r.Security || j.isOpen(r) }

func (j *judge) isOpen(r Release) bool {
	return slices.ContainsFunc(j.Open, func(v version.Version) bool { return j.track(Release{Version: v}) == j.track(r) })
}

// opens counts what is proposed and is not open yet.
func (j *judge) opens(r Release) {
	if !j.isOpen(r) {
		j.opened++
	}
}

func atLeast(v, least version.Version) bool {
	order, ok := version.Compare(v, least)

	return ok && order >= 0
}

// hours writes a duration as a policy would: 24h, not 24h0m0s.
func hours(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}

	return d.String()
}
