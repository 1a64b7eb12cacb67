use crate::effects::programs::testing::check;

#[test]
fn containers_run_freely_inside_their_walls() {
    check(&[
        ("docker ps -a", "service docker ps  Read Local"),
        ("docker images", "service docker images  Read Local"),
        ("docker logs -f web", "service docker logs web Read Local"),
        ("docker inspect web", "service docker inspect web Read Local"),
        ("docker build -t x .", "project docker build"),
        ("docker build -f Dockerfile.dev .", "read Dockerfile.dev | project docker build"),
        (
            "docker buildx build --push -t a/b .",
            "project docker build | service docker build --push a/b Publish Remote",
        ),
        ("docker pull alpine", "fetch alpine"),
        ("docker push a/b", "service docker push a/b Publish Remote"),
        ("docker compose up -d", "project docker compose up"),
        ("docker compose ps", "service docker compose ps  Read Local"),
        ("docker compose logs -f web", "service docker compose logs web Read Local"),
        ("docker compose down", "service docker compose down  Change Local"),
        (
            "docker compose down -v",
            "service docker compose down --volumes the project's volumes Destroy Local",
        ),
        (
            "docker compose down --volumes",
            "service docker compose down --volumes the project's volumes Destroy Local",
        ),
        ("docker compose exec -T web ls", "elsewhere web: ls"),
        ("docker compose run --rm web npm test", "elsewhere web: npm test"),
        ("docker-compose up", "project docker compose up"),
        (
            "docker-compose down -v",
            "service docker compose down --volumes the project's volumes Destroy Local",
        ),
        ("docker run --rm alpine sh", "elsewhere alpine: sh"),
        ("docker run --rm -v .:/app node:20 npm test", "elsewhere node:20: npm test"),
        ("docker run -p 8080:80 nginx", "elsewhere nginx: ?"),
        ("docker run -p 0.0.0.0:8080:80 nginx", "listen 0.0.0.0:8080:80 | elsewhere nginx: ?"),
        ("docker run -v pgdata:/data postgres", "elsewhere postgres: ?"),
        (
            "docker run -v /:/host alpine",
            "weaken the walls between the container and this machine: `/` is handed over | elsewhere alpine: ?",
        ),
        (
            "docker run -v /etc:/x alpine",
            "weaken the walls between the container and this machine: `/etc` is handed over | elsewhere alpine: ?",
        ),
        (
            "docker run --mount type=bind,src=/,dst=/host alpine",
            "weaken the walls between the container and this machine: `/` is handed over | elsewhere alpine: ?",
        ),
        (
            "docker run --privileged alpine",
            "weaken the walls between the container and this machine (`--privileged`) | elsewhere alpine: ?",
        ),
        (
            "docker run --pid=host alpine",
            "weaken the walls between the container and this machine's processes | elsewhere alpine: ?",
        ),
        (
            "docker run --pid host alpine",
            "weaken the walls between the container and this machine's processes | elsewhere alpine: ?",
        ),
        (
            "docker run --cap-add=SYS_ADMIN alpine",
            "weaken the walls of the container (`--cap-add SYS_ADMIN`) | elsewhere alpine: ?",
        ),
        (
            "docker run --cap-add NET_ADMIN alpine",
            "weaken the walls of the container (`--cap-add NET_ADMIN`) | elsewhere alpine: ?",
        ),
        (
            "docker run --security-opt seccomp=unconfined alpine",
            "weaken the walls of the container (`seccomp=unconfined`) | elsewhere alpine: ?",
        ),
        (
            "docker run -v /var/run/docker.sock:/var/run/docker.sock x",
            "weaken the walls of the container: who holds the daemon's socket is root on this machine | elsewhere x: ?",
        ),
        ("docker run --device /dev/sda x", "device /dev/sda hand it to a container | elsewhere x: ?"),
        (
            "podman run --privileged x",
            "weaken the walls between the container and this machine (`--privileged`) | elsewhere x: ?",
        ),
        (
            "docker container run --privileged x",
            "weaken the walls between the container and this machine (`--privileged`) | elsewhere x: ?",
        ),
        ("docker exec web ls", "elsewhere web: ls"),
        ("docker exec --privileged web sh", "weaken the walls of the container | elsewhere web: sh"),
        ("docker stop web", "service docker stop web Change Local"),
        ("docker rm web", "service docker rm web Delete Local"),
        ("docker rm -v web", "service docker rm web Delete Local"),
        ("docker rmi x", "service docker rmi x Delete Local"),
        ("docker system prune", "service docker system prune  Delete Local"),
        ("docker system prune -a --volumes", "service docker system prune  Destroy Local"),
        ("docker volume rm pg", "service docker volume rm pg Destroy Local"),
        ("docker volume prune -f", "service docker volume prune  Destroy Local"),
        ("docker volume ls", "service docker volume ls  Read Local"),
        ("docker network create x", "service docker network create x Change Local"),
        ("docker stack deploy x", "service docker stack deploy x Deploy Local"),
        ("docker swarm init", "service docker swarm init  Deploy Local"),
        ("docker login -u me", "send docker.io 0 Login"),
        ("docker context use x", "observe"),
        ("docker -H tcp://prod.example.com:2375 ps", "service docker ps  Read Production"),
        ("docker -H tcp://prod.example.com:2375 rm web", "service docker rm web Delete Production"),
        ("docker cp web:/x out", "write out Replace"),
        ("skopeo inspect x", "service registry inspect x Read Remote"),
        ("skopeo copy a b", "service registry copy a b Publish Remote"),
        (
            "docker exec db psql -c drop␣table␣x",
            "elsewhere db: psql -c drop table x | service postgres drop table x Destroy Local",
        ),
        (
            "docker exec db psql app_test -c drop␣table␣x",
            "elsewhere db: psql app_test -c drop table x | service postgres drop table x app_test Change Local",
        ),
    ]);
}
