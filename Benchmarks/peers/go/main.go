// graph-gophers/graphql-go with pgx, both as Debian ships them; loaders batch what is asked for within two milliseconds.
//
// usage: server PORT HOST USER DATABASE
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	graphql "github.com/graph-gophers/graphql-go"
	"github.com/graph-gophers/graphql-go/relay"
	"github.com/jackc/pgx/v4/pgxpool"
)

//go:embed schema.graphql
var schema string

//go:embed statements.json
var texts []byte

var statements map[string]string
var pool *pgxpool.Pool

type query struct{}

func (query) Hello() string { return "world" }
func (query) List() []*item { return items }

type shelf struct{ start int }

func (s *shelf) Items() []*item {
	found := make([]*item, 250)
	for n := range found {
		found[n] = items[(s.start+n)%1000]
	}
	return found
}

func (query) Shelves() []*shelf {
	found := make([]*shelf, 250)
	for n := range found {
		found[n] = &shelf{n}
	}
	return found
}

type item struct {
	Name, Email, City, Country, Bio string
	Age, Rank                       int32
	Score                           float64
	Active                          bool
	id                              graphql.ID
}

func (i *item) ID() graphql.ID { return i.id }

var items = make([]*item, 1000)

type user struct {
	number      int32
	Name, Email string
}

func (u *user) ID() graphql.ID { return graphql.ID(strconv.Itoa(int(u.number))) }
func (u *user) Posts(ctx context.Context, args struct{ First int32 }) ([]*post, error) {
	return of(ctx).postsOf(args.First).get(u.number)
}

type post struct {
	number, author int32
	Title, Body    string
}

func (p *post) ID() graphql.ID { return graphql.ID(strconv.Itoa(int(p.number))) }
func (p *post) Author(ctx context.Context) (*user, error) {
	return of(ctx).users.get(p.author)
}
func (p *post) Comments(ctx context.Context, args struct{ First int32 }) ([]*comment, error) {
	return of(ctx).commentsOf(args.First).get(p.number)
}

type comment struct {
	number, post, author int32
	Body                 string
}

func (c *comment) ID() graphql.ID { return graphql.ID(strconv.Itoa(int(c.number))) }
func (c *comment) Author(ctx context.Context) (*user, error) {
	return of(ctx).users.get(c.author)
}

func rows[T any](ctx context.Context, name string, into func(*T) []any, values ...any) ([]*T, error) {
	result, err := pool.Query(ctx, statements[name], values...)
	if err != nil {
		return nil, err
	}
	defer result.Close()
	found := []*T{}
	for result.Next() {
		one := new(T)
		if err := result.Scan(into(one)...); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, result.Err()
}

func userFields(u *user) []any       { return []any{&u.number, &u.Name, &u.Email} }
func postFields(p *post) []any       { return []any{&p.number, &p.author, &p.Title, &p.Body} }
func commentFields(c *comment) []any { return []any{&c.number, &c.post, &c.author, &c.Body} }

func (query) User(ctx context.Context, args struct{ ID graphql.ID }) (*user, error) {
	number, err := strconv.Atoi(string(args.ID))
	if err != nil {
		return nil, nil
	}
	found, err := rows(ctx, "user", userFields, number)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
func (query) Users(ctx context.Context, args struct{ First int32 }) ([]*user, error) {
	return rows(ctx, "users", userFields, args.First)
}
func (query) Posts(ctx context.Context, args struct{ First int32 }) ([]*post, error) {
	return rows(ctx, "posts", postFields, args.First)
}
func (query) AddComment(ctx context.Context, args struct {
	PostID, AuthorID graphql.ID
	Body             string
}) (*comment, error) {
	post, _ := strconv.Atoi(string(args.PostID))
	author, _ := strconv.Atoi(string(args.AuthorID))
	found, err := rows(ctx, "addComment", commentFields, post, author, args.Body)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// CommentAdded is there for the schema alone: Debian has no WebSocket transport for graph-gophers.
func (query) CommentAdded(ctx context.Context, args struct{ PostID graphql.ID }) <-chan *comment {
	return make(chan *comment)
}

type loader[V any] struct {
	lock  sync.Mutex
	known map[int32]*promise[V]
	keys  []int32
	load  func([]int32) (map[int32]V, error)
}

type promise[V any] struct {
	done  chan struct{}
	value V
	err   error
}

func (l *loader[V]) get(key int32) (V, error) {
	l.lock.Lock()
	one, ok := l.known[key]
	if !ok {
		one = &promise[V]{done: make(chan struct{})}
		l.known[key] = one
		if len(l.keys) == 0 {
			time.AfterFunc(2*time.Millisecond, l.run)
		}
		l.keys = append(l.keys, key)
	}
	l.lock.Unlock()
	<-one.done
	return one.value, one.err
}

func (l *loader[V]) run() {
	l.lock.Lock()
	keys := l.keys
	l.keys = nil
	waiting := make([]*promise[V], len(keys))
	for n, key := range keys {
		waiting[n] = l.known[key]
	}
	l.lock.Unlock()
	values, err := l.load(keys)
	for n, one := range waiting {
		one.value, one.err = values[keys[n]], err
		close(one.done)
	}
}

func newLoader[V any](load func([]int32) (map[int32]V, error)) *loader[V] {
	return &loader[V]{known: map[int32]*promise[V]{}, load: load}
}

type loaders struct {
	ctx      context.Context
	users    *loader[*user]
	lock     sync.Mutex
	posts    map[int32]*loader[[]*post]
	comments map[int32]*loader[[]*comment]
}

type loadersKey struct{}

func of(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

func (l *loaders) postsOf(first int32) *loader[[]*post] {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.posts[first] == nil {
		l.posts[first] = newLoader(func(keys []int32) (map[int32][]*post, error) {
			found, err := rows(l.ctx, "postsOfAuthors", postFields, keys, first)
			lists := map[int32][]*post{}
			for _, key := range keys {
				lists[key] = []*post{}
			}
			for _, one := range found {
				lists[one.author] = append(lists[one.author], one)
			}
			return lists, err
		})
	}
	return l.posts[first]
}

func (l *loaders) commentsOf(first int32) *loader[[]*comment] {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.comments[first] == nil {
		l.comments[first] = newLoader(func(keys []int32) (map[int32][]*comment, error) {
			found, err := rows(l.ctx, "commentsOfPosts", commentFields, keys, first)
			lists := map[int32][]*comment{}
			for _, key := range keys {
				lists[key] = []*comment{}
			}
			for _, one := range found {
				lists[one.post] = append(lists[one.post], one)
			}
			return lists, err
		})
	}
	return l.comments[first]
}

func withLoaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := &loaders{posts: map[int32]*loader[[]*post]{}, comments: map[int32]*loader[[]*comment]{}}
		own.ctx = context.WithValue(r.Context(), loadersKey{}, own)
		own.users = newLoader(func(keys []int32) (map[int32]*user, error) {
			found, err := rows(own.ctx, "usersByIDs", userFields, keys)
			users := map[int32]*user{}
			for _, one := range found {
				users[one.number] = one
			}
			return users, err
		})
		next.ServeHTTP(w, r.WithContext(own.ctx))
	})
}

func main() {
	if err := json.Unmarshal(texts, &statements); err != nil {
		log.Fatal(err)
	}
	for n := range items {
		items[n] = &item{
			id: graphql.ID(fmt.Sprint("item-", n)), Name: fmt.Sprint("Name ", n),
			Email: fmt.Sprintf("user%d@example.com", n), Age: int32(n % 90), City: fmt.Sprint("City ", n%100),
			Country: "Country", Score: float64(n) / 8, Active: n%2 == 0, Rank: int32(n),
			Bio: fmt.Sprintf("Some longer text about the person number %d, as people write them.", n),
		}
	}
	var err error
	address := fmt.Sprintf("host=%s user=%s dbname=%s pool_max_conns=8", os.Args[2], os.Args[3], os.Args[4])
	if pool, err = pgxpool.Connect(context.Background(), address); err != nil {
		log.Fatal(err)
	}
	parsed := graphql.MustParseSchema(schema, &query{}, graphql.UseFieldResolvers(), graphql.MaxParallelism(1000))
	http.Handle("/graphql", withLoaders(&relay.Handler{Schema: parsed}))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
