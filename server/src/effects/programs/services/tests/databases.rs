use crate::effects::programs::testing::check;

#[test]
fn databases_are_judged_by_what_becomes_of_the_data() {
    check(&[
        ("psql -h localhost -c select␣1", "service postgres select localhost Read Local"),
        ("psql -l", "service postgres list  Read Local"),
        ("psql -c drop␣table␣users", "service postgres drop table users Destroy Local"),
        ("psql -d app_test -c drop␣table␣users", "service postgres drop table users app_test Change Local"),
        (
            "psql postgres://u:p@db.prod.example.com/app -c delete␣from␣users",
            "service postgres delete all rows users db.prod.example.com app Destroy Production",
        ),
        (
            "psql postgres://u:p@db.example.com/app -c delete␣from␣users␣where␣id=1",
            "service postgres delete users db.example.com app Change Remote",
        ),
        ("psql postgres://localhost/app -c select␣1", "service postgres select localhost app Read Local"),
        (
            "psql -h db.example.com app -c create␣table␣t(a␣int)",
            "service postgres create table t db.example.com app Change Remote",
        ),
        ("psql -c grant␣all␣on␣t␣to␣public", "service postgres grant all Change Local"),
        (
            "psql -h db.example.com -c grant␣all␣on␣t␣to␣public",
            "service postgres grant all db.example.com Grant Remote",
        ),
        ("psql -c \\!␣touch␣x", "write x Create"),
        ("psql -c \\copy␣t␣to␣out.csv", "write out.csv Replace"),
        ("mysql -uroot -psecret -e drop␣database␣shop", "service mysql drop database shop Destroy Local"),
        (
            "mysql -h prod-db.internal shop -e select␣1",
            "service mysql select prod-db.internal shop Read Production",
        ),
        ("mysql -u root -e show␣databases", "service mysql show  Read Local"),
        ("sqlite3 dev.db .tables", "service sqlite .tables dev.db Read Local"),
        ("sqlite3 dev.db select␣1", "service sqlite select dev.db Read Local"),
        ("sqlite3 dev.db .shell␣touch␣x", "write x Create"),
        ("sqlite3 :memory: drop␣table␣t", "service sqlite drop table t :memory: Change Local"),
        ("duckdb x.duckdb -c select␣1", "service duckdb select x.duckdb Read Local"),
        ("redis-cli ping", "service redis ping  Read Local"),
        ("redis-cli get a", "service redis get a Read Local"),
        ("redis-cli set a b", "service redis set a Change Local"),
        ("redis-cli del a", "service redis del a Delete Local"),
        ("redis-cli flushall", "service redis flushall  Destroy Local"),
        (
            "redis-cli -h cache.prod.internal FLUSHALL",
            "service redis flushall cache.prod.internal Destroy Production",
        ),
        (
            "redis-cli config set dir /root/.ssh",
            "weaken where the database may write its files | service redis config set Change Local",
        ),
        ("mongosh app --eval db.users.find()", "service mongodb query app Read Local"),
        ("mongosh app --eval db.dropDatabase()", "service mongodb dropDatabase app Destroy Local"),
        (
            "mongosh mongodb://db.example.com/app --eval db.users.deleteMany({})",
            "service mongodb drop db.example.com app Destroy Remote",
        ),
        ("mongodump --db app -o out", "write out Replace | service mongodb mongodump app Read Local"),
        ("mongorestore --drop --db app dump", "read dump | service mongodb mongorestore app Destroy Local"),
        ("dropdb app_test", "service postgres drop database app_test Change Local"),
        ("dropdb shop", "service postgres drop database shop Destroy Local"),
        ("createdb shop", "service postgres create database shop Create Local"),
        ("pg_dump shop -f out.sql", "write out.sql Replace | service postgres dump shop Read Local"),
        ("pg_isready", "observe"),
        ("mysqladmin ping", "service mysql mysqladmin ping  Read Local"),
        ("mysqladmin drop shop", "service mysql mysqladmin drop shop Destroy Local"),
        ("cqlsh -e select␣*␣from␣t", "service cassandra select  Read Local"),
        (
            "sqlcmd -S db.example.com -d app -Q drop␣table␣t",
            "service sqlserver drop table t db.example.com app Destroy Remote",
        ),
        ("clickhouse-client -q select␣1", "service clickhouse select  Read Local"),
        ("prisma generate", "project prisma generate"),
        ("prisma migrate dev", "project prisma migrate dev"),
        (
            "prisma migrate reset",
            "service database prisma migrate reset the project's database Destroy Local",
        ),
        ("prisma migrate deploy", "project prisma migrate deploy"),
        (
            "DATABASE_URL=postgres://x@db.example.com/app prisma migrate deploy",
            "service database prisma migrate deploy db.example.com app Change Remote",
        ),
        (
            "DATABASE_URL=postgres://x@db.prod.example.com/app prisma migrate reset",
            "service database prisma migrate reset db.prod.example.com app Destroy Production",
        ),
        (
            "prisma db push --force-reset",
            "service database prisma db push the project's database Destroy Local",
        ),
        ("alembic upgrade head", "project alembic upgrade head"),
        (
            "alembic downgrade base",
            "service database alembic downgrade base the project's database Destroy Local",
        ),
        ("flyway clean", "service database flyway clean the project's database Destroy Local"),
        ("flyway info", "project flyway info"),
        ("knex migrate:latest", "project knex migrate:latest"),
        ("drizzle-kit generate", "project drizzle-kit generate"),
        ("typeorm schema:drop", "service database typeorm schema:drop the project's database Destroy Local"),
        ("dbmate drop", "service database dbmate drop the project's database Destroy Local"),
        ("rails test", "project rails test"),
        ("rails db:migrate", "project rails db:migrate"),
        (
            "rails db:drop",
            "service database rails db:drop the project's database Destroy Local | project rails db:drop",
        ),
        (
            "RAILS_ENV=test rails db:drop",
            "service database rails db:drop the project's database Change Local | project rails db:drop",
        ),
        (
            "RAILS_ENV=production rails db:drop",
            "service database rails db:drop the project's database Destroy Production | project rails db:drop",
        ),
        (
            "kafka-topics --bootstrap-server localhost:9092 --list",
            "service kafka kafka-topics localhost:9092 Read Local",
        ),
        (
            "kafka-topics --bootstrap-server kafka.example.com:9092 --delete --topic orders",
            "service kafka kafka-topics kafka.example.com:9092 orders Destroy Remote",
        ),
        ("rabbitmqctl list_queues", "service queue list_queues  Read Local"),
        ("rabbitmqctl purge_queue q", "service queue purge_queue q Destroy Local"),
        ("etcdctl get a", "service etcd get a Read Local"),
        ("etcdctl del a", "service etcd del a Delete Local"),
    ]);
}
