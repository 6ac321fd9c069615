package cli

import (
	"cmp"
	"context"
	"sync"

	"github.com/goingdark-social/bot/pkg/cluster"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/veil"
)

// clusters reads what runs, each application where the operator says.
type clusters struct {
	config *config.Cluster
	veil   *veil.Veil

	mu     sync.Mutex
	opened map[config.ClusterOf]*cluster.Cluster // by how they are reached
}

func newClusters(c *config.Cluster, v *veil.Veil) *clusters {
	return &clusters{config: c, veil: v, opened: map[config.ClusterOf]*cluster.Cluster{}}
}

// at is the cluster of an application, and the namespace of its objects.
func (c *clusters) at(repository, application string) (*cluster.Cluster, string, error) {
	where := c.config.Of(repository, application)
	key := config.ClusterOf{Kubeconfig: where.Kubeconfig, Context: where.Context}

	c.mu.Lock()
	defer c.mu.Unlock()

	known, ok := c.opened[key]
	if !ok {
		var err error
		if known, err = cluster.Open(cluster.Options{Kubeconfig: where.Kubeconfig, Context: where.Context, UserAgent: userAgent(), Wrap: c.veil.Transport, Secret: c.veil.Keep}); err != nil {
			return nil, "", err
		}

		c.opened[key] = known
	}

	return known, cmp.Or(where.Namespace, known.Namespace()), nil
}

// Read gives the live objects of an application.
func (c *clusters) Read(ctx context.Context, repository, application string, kinds []drift.LiveKind) (*drift.Live, error) {
	from, namespace, err := c.at(repository, application)
	if err != nil {
		return nil, err
	}

	asked := make([]cluster.Kind, 0, len(kinds))
	for _, k := range kinds {
		asked = append(asked, cluster.Kind{
			APIVersion: k.APIVersion, Kind: k.Kind, Namespace: cmp.Or(k.Namespace, namespace), Names: k.Names, ByName: k.ByName,
		})
	}

	found, err := from.Read(ctx, asked)
	if err != nil {
		return nil, err
	}

	out := &drift.Live{Objects: found.Items, Namespace: namespace}
	for _, u := range found.Unread {
		out.Unread = append(out.Unread, drift.Unread{Kind: u.Kind.Kind, Namespace: u.Namespace, Reason: u.Reason})
	}

	return out, nil
}

// Log is the end of what a container wrote.
func (c *clusters) Log(ctx context.Context, repository, application, namespace, pod, container string) (string, error) {
	from, own, err := c.at(repository, application)
	if err != nil {
		return "", err
	}

	return from.Log(ctx, cmp.Or(namespace, own), pod, container)
}
