package cli

import (
	"time"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/history"
)

func (p *Program) historyContract(a history.Application) contract.HistoryApplication {
	out := contract.NewHistoryApplication(a.Name)
	out.Since, out.Complete = stamp(a.Since), !a.Cut

	for _, v := range a.On() {
		out.On = append(out.On, v.String())
	}

	for _, u := range a.Upgrades {
		out.Upgrades = append(out.Upgrades, upgradeContract(u))
	}

	for _, w := range a.Mixed {
		out.Mixed = append(out.Mixed, p.windowContract(w))
	}

	for _, w := range a.Waits {
		out.Security = append(out.Security, p.waitContract(w))
	}

	s := a.Summary(p.Now())
	out.Summary = contract.HistorySummary{
		Upgrades: s.Upgrades, Dated: s.Dated, MedianLagSeconds: whole(s.MedianLag), LongestLagSeconds: whole(s.LongestLag),
		Mixed: s.MixedWindows, MixedSeconds: whole(s.MixedTotal), LongestMixedSeconds: whole(s.LongestMixed),
		Security: s.Security, Waiting: s.Waiting, MedianWaitSeconds: whole(s.MedianWait), LongestWaitSeconds: whole(s.LongestWait),
	}

	return out
}

func upgradeContract(u history.Upgrade) contract.Upgrade {
	out := contract.Upgrade{
		From: u.From.String(), To: u.To.String(), Released: stamp(u.Released), Security: u.Security,
		Moved: stamp(u.Moved), Whole: stamp(u.Whole), LagSeconds: -1, Commit: u.Commit,
	}

	if lag, ok := u.Lag(); ok {
		out.LagSeconds = whole(lag)
	}

	return out
}

func (p *Program) windowContract(w history.Window) contract.MixedWindow {
	out := contract.MixedWindow{From: stamp(w.From), To: stamp(w.To), Seconds: whole(w.Span(p.Now())), Commit: w.Commit}

	for _, run := range w.Runs {
		out.Runs = append(out.Runs, contract.ComponentVersion{Component: string(run.Component), Version: run.Version.String()})
	}

	return out
}

func (p *Program) waitContract(w history.Wait) contract.SecurityWait {
	return contract.SecurityWait{
		Version: w.Version.String(), Advisories: w.Advisories, Released: stamp(w.Released), Ran: w.Ran.String(),
		Until: stamp(w.Until), Into: w.Into.String(), Seconds: whole(w.Span(p.Now())), Waiting: w.Open(), Commit: w.Commit,
	}
}

// stamp is a time as the contract spells it; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}

	return t.UTC().Format(time.RFC3339)
}

func whole(d time.Duration) int { return int(d / time.Second) }
