package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// releasesFlags are what a person may say to releases.
type releasesFlags struct {
	images, platforms []string
	channel           string
	limit             int
}

func newReleases(p *Program, g *globals) *cobra.Command {
	f := &releasesFlags{}
	cmd := &cobra.Command{
		Use:   "releases",
		Short: "List what the registry holds, complete or not",
		Long: `Releases lists the newest versions of a family of images, newest first, and says
of each whether every image exists for every platform. The upstream images are built
by separate jobs: web can be there minutes or hours before streaming.`,
		Example: example(
			"bot releases",
			"bot releases --channel nightly --limit 5",
			"bot releases --image ghcr.io/mastodon/mastodon --image ghcr.io/mastodon/mastodon-streaming",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			channel, err := version.ParseChannel(f.channel)
			if err != nil {
				return misused(cmd.CommandPath(), "--channel: %w", err)
			}

			family := registry.Family{Images: f.images}

			found, err := p.published(cmd.Context(), g, f, family, channel)
			p.settled()

			if err != nil {
				return err
			}

			return p.releases(g, family, found)
		},
	}

	glitch := patch.BuiltIn()[0]
	flags := cmd.Flags()
	flags.StringArrayVar(&f.images, "image", []string{glitch.Web, glitch.Streaming}, "an image of the family, web first (repeatable)")
	flags.StringArrayVar(&f.platforms, "platform", []string{"linux/amd64"}, "a platform that every image needs (repeatable)")
	flags.StringVar(&f.channel, "channel", string(version.Stable), "stable, prerelease or nightly")
	flags.IntVar(&f.limit, "limit", 10, "how many of the newest to look at; 0 for all")

	return cmd
}

// published inspects the newest releases of a channel, newest first.
func (p *Program) published(ctx context.Context, g *globals, f *releasesFlags, family registry.Family, channel version.Channel,
) ([]registry.Release, error) {
	client, err := p.registry(g)
	if err != nil {
		return nil, err
	}

	p.progressf("listing the tags of %s", strings.Join(family.Images, " and "))

	listings, err := client.Listings(ctx, family)
	if err != nil {
		return nil, err
	}

	slices.Reverse(listings)

	var found []registry.Release

	for _, l := range listings {
		if !channel.Admits(l.Version) {
			continue
		}

		if f.limit > 0 && len(found) == f.limit {
			break
		}

		p.progressf("inspecting %s", l.Version)

		r, err := client.Inspect(ctx, family, l.Version, f.platforms)
		if err != nil {
			return nil, err
		}

		found = append(found, r)
	}

	return found, nil
}

func (p *Program) releases(g *globals, family registry.Family, found []registry.Release) error {
	if g.json() {
		out := contract.NewReleases()
		out.Images = family.Images

		for _, r := range found {
			out.Releases = append(out.Releases, releaseContract(r))
		}

		return p.json(out)
	}

	rows := make([][]any, 0, len(found))

	for _, r := range found {
		rows = append(rows, []any{r.Version.String(), p.state(r), built(r)})
	}

	if len(rows) == 0 {
		fmt.Fprintln(p.Stdout, "No release on this channel.")

		return nil
	}

	p.table([]any{"release", "state", "built"}, rows)

	return nil
}

func (p *Program) state(r registry.Release) string {
	if r.Complete() {
		return p.paint(green, "complete")
	}

	if r.Contradiction != "" {
		return p.paint(red, printable(r.Contradiction))
	}

	var lacks []string

	for _, m := range r.Missing {
		name := m.Image[strings.LastIndexByte(m.Image, '/')+1:]
		if m.Platform != "" {
			name += " for " + m.Platform
		}

		lacks = append(lacks, name)
	}

	return p.paint(yellow, printable("missing "+strings.Join(lacks, ", ")))
}

func built(r registry.Release) string {
	if r.Built().IsZero() {
		return "unknown"
	}

	return r.Built().UTC().Format("2006-01-02 15:04")
}

func releaseContract(r registry.Release) contract.Release {
	out := contract.NewRelease(r.Version.String())
	out.Channel = channelOf(r.Version)
	out.Complete, out.Contradiction = r.Complete(), r.Contradiction

	if !r.Built().IsZero() {
		out.Built = r.Built().UTC().Format(time.RFC3339)
	}

	for _, m := range r.Missing {
		out.Missing = append(out.Missing, contract.MissingImage{Image: m.Image, Platform: m.Platform})
	}

	return out
}

// channelOf is the narrowest channel that admits a version.
func channelOf(v version.Version) string {
	for _, c := range version.Channels() {
		if c.Admits(v) {
			return string(c)
		}
	}

	return ""
}
