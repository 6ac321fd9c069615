package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/contract"
)

// buildVersion is set by the build: -ldflags "-X …/internal/cli.buildVersion=v1.2.3".
var buildVersion string

func newVersion(p *Program, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of this program",
		Example: example("bot version", "bot version -o json"),
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			v := programVersion()

			if g.json() {
				return p.json(contract.NewProgramVersion(v, runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH))
			}

			fmt.Fprintf(p.Stdout, "bot %s (%s %s/%s)\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)

			return nil
		},
	}
}

// programVersion is the build's, or else the module's.
func programVersion() string {
	if buildVersion != "" {
		return buildVersion
	}

	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}

	return "devel"
}
